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
  /** The place of a declaration that began with this token, with its documentation if it has one. */
  protected declared(from: IToken): Placed & { readonly doc?: string } {
    const doc = this.b.docs.get(from.startOffset);
    return doc === undefined ? this.placeFrom(from) : { ...this.placeFrom(from), doc };
  }

  readonly inputDeclaration = this.RULE("inputDeclaration", (): InputDeclaration => {
    const from = this.CONSUME(t.Input);
    const name = this.declaredName();
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.type);
    return this.RECORDING_PHASE ? recorded : { ...this.declared(from), kind: "input", name, type };
  });

  readonly sharedDeclaration = this.RULE("sharedDeclaration", (): SharedDeclaration => {
    const from = this.CONSUME(t.Shared);
    const name = this.declaredName();
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return this.RECORDING_PHASE ? recorded : { ...this.declared(from), kind: "shared", name, value };
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
    return { ...this.declared(from), kind: "weight", name, type, ...initial };
  });

  readonly returnStatement = this.RULE("returnStatement", (): ReturnStatement => {
    const from = this.CONSUME(t.Return);
    const value = this.SUBRULE(this.expression);
    return this.RECORDING_PHASE ? recorded : { ...this.declared(from), kind: "return", value };
  });

  readonly binding = this.RULE("binding", (): Binding => {
    const from = this.LA(1);
    const name = this.declaredName();
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return this.RECORDING_PHASE ? recorded : { ...this.declared(from), kind: "binding", name, value };
  });

  readonly setting = this.RULE("setting", (): Setting => {
    const from = this.LA(1);
    const key = this.name();
    const pattern = this.OPTION(() => this.SUBRULE(this.path));
    this.CONSUME(t.Colon);
    const value = this.SUBRULE(this.expression);
    if (this.RECORDING_PHASE) return recorded;
    const of = pattern === undefined ? {} : { pattern };
    return { ...this.declared(from), kind: "setting", key, ...of, value };
  });

  readonly taskSetting = this.RULE("taskSetting", (): Setting => {
    const from = this.LA(1);
    const key = this.name();
    this.CONSUME(t.Colon);
    const value = this.SUBRULE(this.expression);
    return this.RECORDING_PHASE ? recorded : { ...this.declared(from), kind: "setting", key, value };
  });

  readonly labelSetting = this.RULE("labelSetting", (): LabelSetting => {
    const from = this.CONSUME(t.Label);
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.type);
    if (this.RECORDING_PHASE) return recorded;
    return { ...this.declared(from), kind: "label", key: this.identifier(from), type };
  });

  readonly limit = this.RULE("limit", (): BudgetLimit => {
    const from = this.LA(1);
    const quantity = this.name();
    const sign = this.CONSUME(t.Comparison);
    const value = this.SUBRULE(this.expression);
    if (this.RECORDING_PHASE) return recorded;
    const comparison = comparisonOf(sign);
    return { ...this.declared(from), kind: "limit", quantity, comparison, value };
  });
}

function comparisonOf({ image }: IToken): Comparison {
  const found = comparisons.find((comparison) => comparison === image);
  if (found === undefined) throw new Error(`${image} is read as a comparison, and is none`);
  return found;
}
