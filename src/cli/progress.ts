import { SingleBar } from "cli-progress";
import type { EpochEvent } from "../runtime/index.js";
import { showLosses, showMetrics, showNumber } from "./format.js";
import { print } from "./output.js";

/** Shows how a training goes: a bar on a terminal, plain lines elsewhere. */
export interface Progress {
  epoch(event: EpochEvent): void;
  end(): void;
}

/** About this many lines where there is no terminal. */
const LINES = 20;

export function createProgress(epochs: number, monitored: boolean): Progress {
  return process.stdout.isTTY ? bar(epochs, monitored) : lines(epochs);
}

function bar(epochs: number, monitored: boolean): Progress {
  const format = `{bar} epoch {value}/{total}  loss {loss}${monitored ? "  validation {validation}" : ""}  {metrics}`;
  const single = new SingleBar({
    format,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 20,
    hideCursor: true,
    etaBuffer: 5,
  });
  single.start(epochs, 0, { loss: "–", validation: "–", metrics: "" });
  return {
    epoch: (event) =>
      single.update(event.epoch, {
        loss: showNumber(event.loss),
        validation: showNumber(event.validation?.loss),
        metrics: showMetrics(event.metrics),
      }),
    end: () => single.stop(),
  };
}

function lines(epochs: number): Progress {
  const every = Math.max(1, Math.round(epochs / LINES));
  return {
    epoch: (event) => {
      if (event.epoch % every !== 0 && event.epoch !== 1 && event.epoch !== epochs) return;
      const validation = event.validation ? `  validation ${showNumber(event.validation.loss)}` : "";
      print(
        `epoch ${event.epoch}/${epochs}  loss ${showNumber(event.loss)} (${showLosses(event.losses)})${validation}  ${showMetrics(event.metrics)}`,
      );
    },
    end: () => undefined,
  };
}
