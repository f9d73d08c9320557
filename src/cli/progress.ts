import { greatest, least } from "../runtime/extremes.js";
import type { EpochEvent } from "../runtime/index.js";
import { meanOf } from "../runtime/measures.js";
import { own } from "../runtime/own.js";
import { showLosses, showMetrics, showNumber } from "./format.js";
import { print } from "./output.js";

/** Shows how a training goes: lines that fit on a terminal, fuller ones elsewhere. */
export interface Progress {
  epoch(event: EpochEvent): void;
  end(): void;
}

/** What of a training is to be shown. */
export interface Shown {
  readonly epochs: number;
  /** The measures that stopping goes by, such as `validation.species.accuracy`. */
  readonly monitor: readonly string[];
}

/** About this many lines where there is no terminal. */
const LINES = 20;
/** On a terminal no more than this many lines stay; the line of the newest epoch is always there. */
const HISTORY = 100;
/** So many of the last losses are drawn. */
const DRAWN = 8;

export function createProgress(shown: Shown): Progress {
  return process.stdout.isTTY ? terminal(shown) : lines(shown.epochs);
}

function terminal(shown: Shown): Progress {
  const { stdout } = process;
  const started = performance.now();
  const every = Math.ceil(shown.epochs / HISTORY);
  const losses: number[] = [];
  let first: number | undefined;
  let isOpen = false;
  return {
    epoch: (event) => {
      first ??= event.epoch;
      losses.push(event.loss);
      const done = event.epoch - first + 1;
      const left = ((performance.now() - started) / done) * (event.epochs - event.epoch);
      const text = epochLine(event, {
        ...shown,
        losses: losses.slice(-DRAWN),
        left,
        columns: stdout.columns || 80,
      });
      const stays = event.epoch % every === 0 || event.epoch === first || event.epoch === event.epochs;
      // Back to the line's beginning, and what is left of a longer line goes.
      stdout.write(`\r\u001b[K${text}${stays ? "\n" : ""}`);
      isOpen = !stays;
    },
    end: () => {
      if (isOpen) stdout.write("\n");
    },
  };
}

interface Line extends Shown {
  /** The newest last. */
  readonly losses: readonly number[];
  /** Milliseconds until the last epoch is done. */
  readonly left: number;
  readonly columns: number;
}

/** As much of an epoch as fits: losses first, then what stopping goes by, then the other metrics. */
export function epochLine(event: EpochEvent, { monitor, losses, left, columns }: Line): string {
  const { epoch, epochs, loss, validation } = event;
  const counted = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const end = epoch === epochs ? "" : `  ETA ${duration(left)}`;
  const several = Object.keys(event.losses).length > 1 ? ` (${showLosses(event.losses)})` : "";
  const parts = [
    `loss ${padded(loss)}`,
    ...monitor.flatMap((name) => monitored(event, name)),
    ...(validation ? [`validation ${padded(validation.loss)}`] : []),
    ...(several === "" ? [] : [several.trim()]),
    ...metricsOf(event)
      .filter(([name]) => !monitor.includes(name))
      .map(([, text]) => text),
  ];
  let line = `${counted} ${sparks(losses).padEnd(DRAWN)}`;
  for (const part of parts) {
    // One column stays free: some terminals break a line that fills the last one.
    if (line.length + 2 + part.length + end.length >= columns) break;
    line += `  ${part}`;
  }
  return `${line.trimEnd()}${end}`.slice(0, columns - 1);
}

/** As wide in one epoch as in the next, so that numbers stand below each other. */
function padded(value: number | null | undefined): string {
  return showNumber(value).padEnd(7);
}

/** A measure that stopping goes by, where the line has not got it anyway. */
function monitored({ validation }: EpochEvent, name: string): string[] {
  const [, task = "", measure = ""] = name.split(".");
  if (!validation || measure === "") return [];
  const value =
    measure === "loss" ? own(validation.losses, task) : own(own(validation.metrics, task) ?? {}, measure);
  return [`${task} ${measure} ${padded(value === undefined ? undefined : meanOf(value))}`];
}

/** The metrics of an epoch by the names that stopping knows them by. */
function metricsOf({ metrics }: EpochEvent): [string, string][] {
  return Object.entries(metrics).flatMap(([task, values]) =>
    Object.entries(values).map(([name, value]): [string, string] => [
      `validation.${task}.${name}`,
      `${task} ${name} ${padded(meanOf(value))}`,
    ]),
  );
}

const bars = "▁▂▃▄▅▆▇█";

/** The course of some numbers, a bar each, from the least to the greatest of them. */
export function sparks(values: readonly number[]): string {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [least(finite), greatest(finite)];
  const level = (value: number) =>
    high > low ? Math.round(((value - low) / (high - low)) * (bars.length - 1)) : 0;
  return values.map((value) => (Number.isFinite(value) ? bars[level(value)] : "×")).join("");
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
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
