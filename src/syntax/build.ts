import type { CstNode, IToken } from "chevrotain";
import type {
  BindingCstNode,
  BlockItemCstNode,
  BlockParameterCstNode,
  BlockSectionCstNode,
  DataItemCstNode,
  DataSectionCstNode,
  ImportNameCstNode,
  ImportSectionCstNode,
  LimitCstNode,
  ModelItemCstNode,
  ModelSectionCstNode,
  SectionCstNode,
  SettingCstNode,
  SharedDeclarationCstNode,
  SpecCstNode,
  TaskDeclarationCstNode,
  TaskItemCstNode,
  TrainSectionCstNode,
  WeightDeclarationCstNode,
} from "../../grammar/cst.generated.js";
import { span } from "../source/index.js";
import type {
  Binding,
  BlockParameter,
  BlockSection,
  BudgetLimit,
  Comparison,
  DataSection,
  ImportName,
  ImportSection,
  ModelSection,
  Section,
  Setting,
  SharedDeclaration,
  TaskDeclaration,
  Tree,
  WeightDeclaration,
} from "./tree.js";
import { brokenItems, whole } from "./broken.js";
import { declared, identifier, nodeSpan, placed, tokenSpan, type Builder, present } from "./builder.js";
import { expression, path, typeExpression } from "./expressions.js";
import { stringLiteral } from "./literals.js";

/** The tree that all later phases read; what could not be read is in it as a broken item. */
export function toTree(b: Builder, spec: SpecCstNode): Tree {
  const at = span(b.source, 0, b.source.text.length);
  return {
    kind: "file",
    sections: whole(spec.children.section).map((s) => section(b, s)),
    broken: brokenItems(b, spec),
    tokens: b.tokens,
    span: at,
    first: 0,
    last: b.tokens.length - 1,
  };
}

function section(b: Builder, node: SectionCstNode): Section {
  const c = node.children;
  const about = declared(b, node);
  if (c.importSection) return importSection(b, c.importSection[0]);
  if (c.blockSection) return blockSection(b, c.blockSection[0]);
  if (c.modelSection) return modelSection(b, c.modelSection[0]);
  const named = c.constSection?.[0] ?? c.dimSection?.[0];
  if (named !== undefined) {
    const kind = named.name === "constSection" ? "const" : "dim";
    const value = expression(b, named.children.expression[0]);
    return { kind, name: identifier(b, named.children.Name[0]), value, ...about };
  }
  if (c.trainSection) return { ...trainSection(b, c.trainSection[0]), ...about };
  if (c.metaSection) {
    const { Meta: keyword, setting: settings } = c.metaSection[0].children;
    return { kind: "meta", ...settingsBody(b, c.metaSection[0], keyword[0], settings), ...about };
  }
  if (c.dataSection) return { ...dataSection(b, c.dataSection[0]), ...about };
  const budget = present(c.budgetSection)[0];
  const { Budget: keyword, limit: limits } = budget.children;
  return {
    kind: "budget",
    keyword: tokenSpan(b, keyword[0]),
    limits: whole(limits).map((l) => limit(b, l)),
    broken: brokenItems(b, budget),
    ...about,
  };
}

/** The settings of a section, with its keyword. */
function settingsBody(b: Builder, node: CstNode, keyword: IToken, settings: SettingCstNode[] | undefined) {
  return {
    keyword: tokenSpan(b, keyword),
    settings: whole(settings).map((s) => setting(b, s)),
    broken: brokenItems(b, node),
  };
}

function trainSection(b: Builder, node: TrainSectionCstNode) {
  const { Train: keyword, Name: name, setting: settings } = node.children;
  return {
    kind: "train" as const,
    ...(name === undefined ? {} : { name: identifier(b, name[0]) }),
    ...settingsBody(b, node, keyword[0], settings),
  };
}

function dataSection(b: Builder, node: DataSectionCstNode) {
  const { Data: keyword, dataItem: items } = node.children;
  return {
    kind: "data" as const,
    keyword: tokenSpan(b, keyword[0]),
    items: whole(items).map((i) => dataItem(b, i)),
    broken: brokenItems(b, node),
  };
}

function importSection(b: Builder, node: ImportSectionCstNode): ImportSection {
  const { importName: names, StringLiteral: from } = node.children;
  return {
    kind: "import",
    names: names.map((n) => importName(b, n)),
    from: stringLiteral(b, from[0]),
    ...declared(b, node),
  };
}

function importName(b: Builder, node: ImportNameCstNode): ImportName {
  const [name, alias] = node.children.Name;
  return {
    kind: "import-name",
    name: identifier(b, name),
    ...(alias === undefined ? {} : { alias: identifier(b, alias) }),
    ...placed(b, nodeSpan(b, node)),
  };
}

function blockSection(b: Builder, node: BlockSectionCstNode): BlockSection {
  const { Name: name, blockParameter: parameters = [], blockItem: items } = node.children;
  return {
    kind: "block",
    name: identifier(b, name[0]),
    parameters: parameters.map((p) => blockParameter(b, p)),
    items: whole(items).map((i) => blockItem(b, i)),
    broken: brokenItems(b, node),
    ...declared(b, node),
  };
}

function blockParameter(b: Builder, node: BlockParameterCstNode): BlockParameter {
  const { Name: name, type, expression: fallback } = node.children;
  return {
    kind: "parameter",
    name: identifier(b, name[0]),
    type: typeExpression(b, type[0]),
    ...(fallback === undefined ? {} : { defaultValue: expression(b, fallback[0]) }),
    ...declared(b, node),
  };
}

function blockItem(b: Builder, node: BlockItemCstNode): BlockSection["items"][number] {
  const c = node.children;
  if (c.returnStatement) {
    const value = expression(b, c.returnStatement[0].children.expression[0]);
    return { kind: "return", value, ...declared(b, node) };
  }
  if (c.sharedDeclaration) return shared(b, c.sharedDeclaration[0]);
  if (c.weightDeclaration) return weight(b, c.weightDeclaration[0]);
  return binding(b, present(c.binding)[0]);
}

function modelSection(b: Builder, node: ModelSectionCstNode): ModelSection {
  const { Name: name, modelItem: items } = node.children;
  return {
    kind: "model",
    name: identifier(b, name[0]),
    items: whole(items).map((i) => modelItem(b, i)),
    broken: brokenItems(b, node),
    ...declared(b, node),
  };
}

function modelItem(b: Builder, node: ModelItemCstNode): ModelSection["items"][number] {
  const c = node.children;
  if (c.inputDeclaration) {
    const { Name: name, type } = c.inputDeclaration[0].children;
    return {
      kind: "input",
      name: identifier(b, name[0]),
      type: typeExpression(b, type[0]),
      ...declared(b, node),
    };
  }
  if (c.taskDeclaration) return task(b, c.taskDeclaration[0]);
  if (c.sharedDeclaration) return shared(b, c.sharedDeclaration[0]);
  if (c.weightDeclaration) return weight(b, c.weightDeclaration[0]);
  return binding(b, present(c.binding)[0]);
}

function task(b: Builder, node: TaskDeclarationCstNode): TaskDeclaration {
  const { Name: name, taskItem: items } = node.children;
  return {
    kind: "task",
    name: identifier(b, name[0]),
    items: whole(items).map((i) => taskItem(b, i)),
    broken: brokenItems(b, node),
    ...declared(b, node),
  };
}

function taskItem(b: Builder, node: TaskItemCstNode): TaskDeclaration["items"][number] {
  const c = node.children;
  if (c.labelSetting) {
    const { Label: key, type } = c.labelSetting[0].children;
    return {
      kind: "label",
      key: identifier(b, key[0]),
      type: typeExpression(b, type[0]),
      ...declared(b, node),
    };
  }
  if (c.taskSetting) {
    const { Name: key, expression: value } = c.taskSetting[0].children;
    return {
      kind: "setting",
      key: identifier(b, key[0]),
      value: expression(b, value[0]),
      ...declared(b, node),
    };
  }
  if (c.sharedDeclaration) return shared(b, c.sharedDeclaration[0]);
  if (c.weightDeclaration) return weight(b, c.weightDeclaration[0]);
  return binding(b, present(c.binding)[0]);
}

function dataItem(b: Builder, node: DataItemCstNode): DataSection["items"][number] {
  return node.children.setting
    ? setting(b, node.children.setting[0])
    : binding(b, present(node.children.binding)[0]);
}

function binding(b: Builder, node: BindingCstNode): Binding {
  const { Name: name, expression: value } = node.children;
  return {
    kind: "binding",
    name: identifier(b, name[0]),
    value: expression(b, value[0]),
    ...declared(b, node),
  };
}

function setting(b: Builder, node: SettingCstNode): Setting {
  const { Name: key, path: pattern, expression: value } = node.children;
  return {
    kind: "setting",
    key: identifier(b, key[0]),
    ...(pattern === undefined ? {} : { pattern: path(b, pattern[0]) }),
    value: expression(b, value[0]),
    ...declared(b, node),
  };
}

function shared(b: Builder, node: SharedDeclarationCstNode): SharedDeclaration {
  const { Name: name, expression: value } = node.children;
  return {
    kind: "shared",
    name: identifier(b, name[0]),
    value: expression(b, value[0]),
    ...declared(b, node),
  };
}

function weight(b: Builder, node: WeightDeclarationCstNode): WeightDeclaration {
  const { Name: name, type, expression: initializer } = node.children;
  return {
    kind: "weight",
    name: identifier(b, name[0]),
    type: typeExpression(b, type[0]),
    ...(initializer === undefined ? {} : { initializer: expression(b, initializer[0]) }),
    ...declared(b, node),
  };
}

function limit(b: Builder, node: LimitCstNode): BudgetLimit {
  const { Name: quantity, Comparison: comparison, expression: value } = node.children;
  return {
    kind: "limit",
    quantity: identifier(b, quantity[0]),
    comparison: comparisonOf(comparison[0]),
    value: expression(b, value[0]),
    ...declared(b, node),
  };
}

const comparisons: readonly Comparison[] = ["<=", "<", ">=", ">", "=="];

function comparisonOf({ image }: IToken): Comparison {
  return present(comparisons.find((comparison) => comparison === image));
}
