import type { IToken } from "chevrotain";
import * as t from "../../../grammar/tokens.js";
import type {
  Binding,
  BudgetLimit,
  Comparison,
  InputDeclaration,
  LabelSetting,
  Placed,
  ReturnStatement,
  Setting,
  SharedDeclaration,
  WeightDeclaration,
} from "../tree.js";
import { ExpressionParser } from "./expressions.js";
import { recorded } from "./pieces.js";

const comparisons: readonly Comparison[] = ["<=", "<", ">=", ">", "=="];

/** What the bodies of sections and tasks are made of. */
export abstract class ItemParser extends ExpressionParser {
  /** A declaration with its documentation, if it has some. */
  protected documented<N extends Placed>(node: N): N & { readonly doc?: string } {
    const doc = this.b.docs.get(node.span.start);
    return doc === undefined ? node : { ...node, doc };
  }

  readonly inputDeclaration = this.RULE("inputDeclaration", (): InputDeclaration => {
    const from = this.CONSUME(t.Input);
    const name = this.declaredName();
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.type);
    return this.RECORDING_PHASE
      ? recorded
      : this.documented({ kind: "input", name, type, ...this.placeFrom(from) });
  });

  readonly sharedDeclaration = this.RULE("sharedDeclaration", (): SharedDeclaration => {
    const from = this.CONSUME(t.Shared);
    const name = this.declaredName();
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return this.RECORDING_PHASE
      ? recorded
      : this.documented({ kind: "shared", name, value, ...this.placeFrom(from) });
  });

  readonly weightDeclaration = this.RULE("weightDeclaration", (): WeightDeclaration => {
    const from = this.CONSUME(t.Weight);
    const name = this.declaredName();
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.type);
    const initializer = this.OPTION(() => {
      this.CONSUME(t.Equals);
      return this.SUBRULE(this.expression);
    });
    if (this.RECORDING_PHASE) return recorded;
    const initial = initializer === undefined ? {} : { initializer };
    return this.documented({ kind: "weight", name, type, ...initial, ...this.placeFrom(from) });
  });

  readonly returnStatement = this.RULE("returnStatement", (): ReturnStatement => {
    const from = this.CONSUME(t.Return);
    const value = this.SUBRULE(this.expression);
    return this.RECORDING_PHASE
      ? recorded
      : this.documented({ kind: "return", value, ...this.placeFrom(from) });
  });

  readonly binding = this.RULE("binding", (): Binding => {
    const from = this.LA(1);
    const name = this.declaredName();
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    if (this.RECORDING_PHASE) return recorded;
    const { span, first, last } = this.placeFrom(from);
    return this.documented({ kind: "binding", name, value, span, first, last });
  });

  readonly setting = this.RULE("setting", (): Setting => {
    const from = this.LA(1);
    const key = this.name();
    const pattern = this.OPTION(() => this.SUBRULE(this.path));
    this.CONSUME(t.Colon);
    const value = this.SUBRULE(this.expression);
    if (this.RECORDING_PHASE) return recorded;
    const of = pattern === undefined ? {} : { pattern };
    return this.documented({ kind: "setting", key, ...of, value, ...this.placeFrom(from) });
  });

  readonly taskSetting = this.RULE("taskSetting", (): Setting => {
    const from = this.LA(1);
    const key = this.name();
    this.CONSUME(t.Colon);
    const value = this.SUBRULE(this.expression);
    return this.RECORDING_PHASE
      ? recorded
      : this.documented({ kind: "setting", key, value, ...this.placeFrom(from) });
  });

  readonly labelSetting = this.RULE("labelSetting", (): LabelSetting => {
    const from = this.CONSUME(t.Label);
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.type);
    if (this.RECORDING_PHASE) return recorded;
    return this.documented({ kind: "label", key: this.identifier(from), type, ...this.placeFrom(from) });
  });

  readonly limit = this.RULE("limit", (): BudgetLimit => {
    const from = this.LA(1);
    const quantity = this.name();
    const sign = this.CONSUME(t.Comparison);
    const value = this.SUBRULE(this.expression);
    if (this.RECORDING_PHASE) return recorded;
    const comparison = comparisonOf(sign);
    return this.documented({ kind: "limit", quantity, comparison, value, ...this.placeFrom(from) });
  });
}

function comparisonOf({ image }: IToken): Comparison {
  const found = comparisons.find((comparison) => comparison === image);
  if (found === undefined) throw new Error(`${image} is read as a comparison, and is none`);
  return found;
}
