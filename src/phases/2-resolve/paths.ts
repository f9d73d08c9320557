import type { Reported } from "../../diagnostics/index.js";
import type { Identifier, PathExpression } from "../../syntax/tree.js";
import { bindRest } from "./bind.js";
import { isProperty } from "./infer.js";
import { pathText, PROPERTIES_HINT } from "./misfits.js";
import type { Definition, Scope } from "./model.js";
import {
  explain,
  isLaterTask,
  libraryDefinition,
  layerNamed,
  lookup,
  lookupTask,
  reportOwn,
  reportUnknown,
  type Resolution,
} from "./scope.js";

/** A path in the place of a constant: its name, or a property of a value. */
export function constantPath(r: Resolution, scope: Scope, path: PathExpression): void {
  const [name, property] = path.segments;
  if (!name) return;
  const declared = lookup(scope, name.name);
  if (!declared) {
    bindRest(r, path, { role: "unknown", name: name.name, kind: "unknown" }, "a property");
    const isText = property !== undefined && !isProperty(path.segments);
    return explain(r, path, isText ? reportText(r, path, name) : reportUnknown(r, scope, name, "constant"));
  }
  r.model.bind(name, declared);
  bindRest(r, path, declared, "a property");
  if (property) return expectProperty(r, path, declared);
  if (declared.kind === "scalar") return;
  if (declared.kind === "unknown" && declared.reported) return explain(r, path, declared.reported);
  const reason = `A constant is wanted here, and \`${name.name}\` is ${declared.role}`;
  explain(r, path, r.report.give("NN2017", path.span, { reason }));
}

/** `wine.csv`, of which no part is declared, was to be a text. */
function reportText(r: Resolution, path: PathExpression, name: Identifier): Reported {
  const parameters = { name: pathText(path), what: "constant" };
  const hint = `Texts stand in quotes: \`"${pathText(path)}"\`.`;
  const reported = r.report.give("NN2001", path.span, parameters, { hint });
  r.model.bind(name, { role: "unknown", name: name.name, kind: "unknown", reported });
  return reported;
}

/** What a property is asked of shows in phase 3: a block may return a list. */
function expectProperty(r: Resolution, path: PathExpression, declared: Definition): void {
  if (!declared.block && isProperty(path.segments)) return;
  const reason = `A constant is wanted here, and \`${pathText(path)}\` is none`;
  explain(r, path, r.report.give("NN2017", path.span, { reason }, { hint: PROPERTIES_HINT }));
}

/** A path in the place of a tensor: a name, `TASK.output`, or a property that is a number. */
export function valuePath(r: Resolution, scope: Scope, path: PathExpression): void {
  const [name] = path.segments;
  if (!name) return;
  const declared = lookup(scope, name.name);
  if (path.segments.length > 1) {
    const property = declared && isProperty(path.segments);
    return property ? constantPath(r, scope, path) : taskOutput(r, scope, path);
  }
  const layer = declared ? undefined : layerNamed(name.name);
  if (layer) r.model.bind(name, libraryDefinition(r, layer));
  if (layer || declared?.kind === "function") {
    const hint = `Apply it: \`x |> ${name.name}\`.`;
    if (declared) r.model.bind(name, declared);
    return explain(r, path, r.report.give("NN2009", path.span, { what: `\`${name.name}\`` }, { hint }));
  }
  if (!declared) return explain(r, path, reportUnknown(r, scope, name, "value"));
  r.model.bind(name, declared);
  if (declared.reported) explain(r, path, declared.reported);
  if (declared.kind !== "component") return;
  const reason = `A tensor is wanted here, and \`${name.name}\` is an activation`;
  explain(r, path, r.report.give("NN2017", path.span, { reason }));
}

function taskOutput(r: Resolution, scope: Scope, path: PathExpression): void {
  const [name, output, ...more] = path.segments;
  if (!name || !output) return;
  const task = lookupTask(scope, name.name);
  if (task) {
    r.model.bind(name, task);
    bindRest(r, path, task, "a property");
    if (more.length === 0 && output.name === "output") return;
    const hint = `A task shows others \`${name.name}.output\` only.`;
    const parameters = { name: pathText(path), what: "value" };
    return explain(r, path, r.report.give("NN2001", path.span, parameters, { hint }));
  }
  bindRest(r, path, { role: "unknown", name: name.name, kind: "unknown" }, "a property");
  if (isLaterTask(scope, name.name)) {
    const shown = `${name.name}.output`;
    const reported =
      r.task === name.name
        ? reportOwn(r.report, path.span, shown)
        : r.report.give("NN2003", path.span, { name: shown });
    r.model.bind(name, { role: "unknown", name: name.name, kind: "unknown", reported });
    return explain(r, path, reported);
  }
  const declared = lookup(scope, name.name);
  if (!declared) return explain(r, path, reportUnknown(r, scope, name, "value"));
  r.model.bind(name, declared);
  const reason = `\`${name.name}\` is ${declared.role}, which has no \`${pathText(path).slice(name.name.length + 1)}\``;
  explain(
    r,
    path,
    declared.reported ?? r.report.give("NN2017", path.span, { reason }, { hint: PROPERTIES_HINT }),
  );
}
