import * as vega from "vega";
import { compile } from "vega-lite";
import { middleErrors } from "./sinusoids.mjs";

async function svg(spec) {
  const config = {
    background: "white",
    font: "sans-serif",
    legend: { labelLimit: 0 },
    title: { anchor: "start" },
  };
  const view = new vega.View(vega.parse(compile({ ...spec, config }).spec), { renderer: "none" });
  return `${await view.toSVG()}\n`;
}

const COLOR = { field: "method", type: "nominal", title: null, sort: null, scale: { scheme: "category10" } };

/** Errors by inner steps, a line for each method. */
export function drawErrors(errors) {
  return svg({
    title: "Sinusoids: error on the query after adaptation, the middle one of three seeds",
    width: 480,
    height: 300,
    data: { values: middleErrors(errors) },
    mark: { type: "line", point: true },
    encoding: {
      x: {
        field: "inner",
        type: "quantitative",
        title: "steps of gradient descent on 10 points",
        axis: { tickMinStep: 1 },
      },
      y: {
        field: "error",
        type: "quantitative",
        title: "mean squared error",
        scale: { type: "log" },
      },
      color: COLOR,
    },
  });
}

/** One task that is seen on one side only, and what two models make of it. */
export function drawTask(task) {
  const shown = ["maml", "pretrained (supervised)"];
  const fits = task.filter(({ kind, method }) => kind === "fit" && shown.includes(method));
  const others = task.filter(({ kind }) => kind !== "fit");
  const everywhere = shown.flatMap((method) => others.map((row) => ({ ...row, method })));
  const x = { field: "x", type: "quantitative", title: "x" };
  const y = { field: "y", type: "quantitative", title: "y" };
  return svg({
    title: "A sinusoid of which one side is seen",
    data: {
      values: [...fits, ...everywhere].map((row) => ({
        ...row,
        steps: `${row.inner} step${row.inner === 1 ? "" : "s"}`,
      })),
    },
    facet: { column: { field: "method", type: "nominal", title: null, sort: shown } },
    spec: {
      width: 320,
      height: 260,
      layer: [
        {
          transform: [{ filter: "datum.kind === 'truth'" }],
          mark: { type: "line", color: "#bbb", strokeWidth: 4 },
          encoding: { x, y },
        },
        {
          transform: [{ filter: "datum.kind === 'fit'" }],
          mark: { type: "line", strokeWidth: 1.5 },
          encoding: {
            x,
            y,
            color: { field: "steps", type: "nominal", title: null, sort: ["0 steps", "1 step", "10 steps"] },
          },
        },
        {
          transform: [{ filter: "datum.kind === 'support'" }],
          mark: { type: "point", color: "black", filled: true, size: 40 },
          encoding: { x, y },
        },
      ],
    },
  });
}
