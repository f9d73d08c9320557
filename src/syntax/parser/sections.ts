import type { OrMethodOpts } from "chevrotain";
import type { Layout } from "../../../grammar/index.js";
import * as t from "../../../grammar/tokens.js";
import { span } from "../../source/index.js";
import { tokenSpan, type Builder } from "../builder.js";
import { stringLiteral } from "../literals.js";
import type {
  BlockParameter,
  BlockSection,
  BudgetSection,
  ConstSection,
  DataSection,
  DimSection,
  ImportName,
  ImportSection,
  MetaSection,
  ModelSection,
  Section,
  StringLiteral,
  TaskDeclaration,
  TrainSection,
  Tree,
} from "../tree.js";
import { ItemParser } from "./items.js";
import { recorded } from "./pieces.js";
import type { Failure, Items } from "./recovery.js";

/** The grammar, rule by rule; `nnspec.ebnf` says the same on paper. */
export class NnspecParser extends ItemParser {
  /** Whether the grammar is ambiguous is looked at by a test, and not at every start. */
  constructor({ skipValidations = true } = {}) {
    super(skipValidations);
    this.performSelfAnalysis();
  }

  /** Reads a whole file; what could not be read is in its tree as a broken item, and told in `failures`. */
  read(layout: Layout, b: Builder): { tree: Tree; failures: readonly Failure[] } {
    const { value, failures } = this.readBy(() => this.spec(), layout, b);
    const { items: sections, broken } = value;
    const at = { span: span(b.source, 0, b.source.text.length), first: 0, last: b.tokens.length - 1 };
    return { tree: { kind: "file", sections, broken, tokens: b.tokens, ...at }, failures };
  }

  protected readonly spec = this.RULE("spec", (): Items<Section> => this.items("file", this.section));

  readonly section = this.RULE("section", (): Section => this.OR(this.#section));

  // Fields, since chevrotain would else be handed new lists of alternatives for every item.
  readonly #section: OrMethodOpts<Section> = {
    DEF: [
      { ALT: () => this.SUBRULE(this.importSection) },
      { ALT: () => this.SUBRULE(this.constSection) },
      { ALT: () => this.SUBRULE(this.dimSection) },
      { ALT: () => this.SUBRULE(this.blockSection) },
      { ALT: () => this.SUBRULE(this.modelSection) },
      { ALT: () => this.SUBRULE(this.trainSection) },
      { ALT: () => this.SUBRULE(this.metaSection) },
      { ALT: () => this.SUBRULE(this.dataSection) },
      { ALT: () => this.SUBRULE(this.budgetSection) },
    ],
    ERR_MSG: "a section",
  };

  readonly importSection = this.RULE("importSection", (): ImportSection => {
    const from = this.CONSUME(t.Import);
    this.CONSUME(t.LCurly);
    const names = [this.SUBRULE(this.importName)];
    this.MANY(() => {
      this.CONSUME(t.Comma);
      names.push(this.SUBRULE2(this.importName));
    });
    this.OPTION(() => this.CONSUME2(t.Comma));
    this.CONSUME(t.RCurly);
    this.CONSUME(t.From);
    const file = this.#file();
    return this.RECORDING_PHASE
      ? recorded
      : this.documented({ kind: "import", names, from: file, ...this.placeFrom(from) });
  });

  #file(): StringLiteral {
    const token = this.CONSUME(t.StringLiteral);
    return this.RECORDING_PHASE ? recorded : stringLiteral(this.b, token);
  }

  readonly importName = this.RULE("importName", (): ImportName => {
    const from = this.LA(1);
    const name = this.name();
    const alias = this.OPTION(() => {
      this.CONSUME(t.As);
      return this.name(2);
    });
    if (this.RECORDING_PHASE) return recorded;
    const renamed = alias === undefined ? {} : { alias };
    return { kind: "import-name", name, ...renamed, ...this.placeFrom(from) };
  });

  readonly constSection = this.RULE("constSection", (): ConstSection => {
    const from = this.CONSUME(t.Const);
    const name = this.declaredName();
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return this.RECORDING_PHASE
      ? recorded
      : this.documented({ kind: "const", name, value, ...this.placeFrom(from) });
  });

  readonly dimSection = this.RULE("dimSection", (): DimSection => {
    const from = this.CONSUME(t.Dim);
    const name = this.declaredName();
    this.CONSUME(t.Equals);
    const value = this.SUBRULE(this.expression);
    return this.RECORDING_PHASE
      ? recorded
      : this.documented({ kind: "dim", name, value, ...this.placeFrom(from) });
  });

  readonly blockSection = this.RULE("blockSection", (): BlockSection => {
    const from = this.CONSUME(t.Block);
    const name = this.declaredName();
    const parameters: BlockParameter[] = [];
    this.CONSUME(t.LParen);
    this.OPTION(() => {
      parameters.push(this.SUBRULE(this.blockParameter));
      this.MANY(() => {
        this.CONSUME(t.Comma);
        parameters.push(this.SUBRULE2(this.blockParameter));
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.RParen);
    const body = this.body("block", this.blockItem);
    if (this.RECORDING_PHASE) return recorded;
    return this.documented({ kind: "block", name, parameters, ...body, ...this.placeFrom(from) });
  });

  readonly blockParameter = this.RULE("blockParameter", (): BlockParameter => {
    const from = this.LA(1);
    const name = this.name();
    this.CONSUME(t.Colon);
    const type = this.SUBRULE(this.type);
    const defaultValue = this.OPTION(() => {
      this.CONSUME(t.Equals);
      return this.SUBRULE(this.expression);
    });
    if (this.RECORDING_PHASE) return recorded;
    const fallback = defaultValue === undefined ? {} : { defaultValue };
    return this.documented({ kind: "parameter", name, type, ...fallback, ...this.placeFrom(from) });
  });

  readonly blockItem = this.RULE("blockItem", (): BlockSection["items"][number] => this.OR(this.#blockItem));

  readonly #blockItem: OrMethodOpts<BlockSection["items"][number]> = {
    DEF: [
      { ALT: () => this.SUBRULE(this.sharedDeclaration) },
      { ALT: () => this.SUBRULE(this.weightDeclaration) },
      { ALT: () => this.SUBRULE(this.returnStatement) },
      { ALT: () => this.SUBRULE(this.binding) },
    ],
    ERR_MSG: "an item",
  };

  readonly modelSection = this.RULE("modelSection", (): ModelSection => {
    const from = this.CONSUME(t.Model);
    const name = this.declaredName();
    const body = this.body("model", this.modelItem);
    return this.RECORDING_PHASE
      ? recorded
      : this.documented({ kind: "model", name, ...body, ...this.placeFrom(from) });
  });

  readonly modelItem = this.RULE("modelItem", (): ModelSection["items"][number] => this.OR(this.#modelItem));

  readonly #modelItem: OrMethodOpts<ModelSection["items"][number]> = {
    DEF: [
      { ALT: () => this.SUBRULE(this.inputDeclaration) },
      { ALT: () => this.SUBRULE(this.sharedDeclaration) },
      { ALT: () => this.SUBRULE(this.weightDeclaration) },
      { ALT: () => this.SUBRULE(this.taskDeclaration) },
      { ALT: () => this.SUBRULE(this.binding) },
    ],
    ERR_MSG: "an item",
  };

  readonly taskDeclaration = this.RULE("taskDeclaration", (): TaskDeclaration => {
    const from = this.CONSUME(t.Task);
    const name = this.declaredName();
    const body = this.body("task", this.taskItem);
    return this.RECORDING_PHASE
      ? recorded
      : this.documented({ kind: "task", name, ...body, ...this.placeFrom(from) });
  });

  readonly taskItem = this.RULE("taskItem", (): TaskDeclaration["items"][number] => this.OR(this.#taskItem));

  readonly #taskItem: OrMethodOpts<TaskDeclaration["items"][number]> = {
    DEF: [
      { ALT: () => this.SUBRULE(this.sharedDeclaration) },
      { ALT: () => this.SUBRULE(this.weightDeclaration) },
      { ALT: () => this.SUBRULE(this.labelSetting) },
      { ALT: () => this.SUBRULE(this.taskSetting) },
      { ALT: () => this.SUBRULE(this.binding) },
    ],
    ERR_MSG: "an item",
    // `label` is a name too; the alternative for it comes first.
    IGNORE_AMBIGUITIES: true,
  };

  readonly trainSection = this.RULE("trainSection", (): TrainSection => {
    const from = this.CONSUME(t.Train);
    const name = this.OPTION(() => this.name());
    const { items: settings, broken } = this.body("train", this.setting);
    if (this.RECORDING_PHASE) return recorded;
    const named = name === undefined ? {} : { name };
    const keyword = tokenSpan(this.b, from);
    return this.documented({ kind: "train", ...named, keyword, settings, broken, ...this.placeFrom(from) });
  });

  readonly metaSection = this.RULE("metaSection", (): MetaSection => {
    const from = this.CONSUME(t.Meta);
    const { items: settings, broken } = this.body("meta", this.setting);
    if (this.RECORDING_PHASE) return recorded;
    const keyword = tokenSpan(this.b, from);
    return this.documented({ kind: "meta", keyword, settings, broken, ...this.placeFrom(from) });
  });

  readonly dataSection = this.RULE("dataSection", (): DataSection => {
    const from = this.CONSUME(t.Data);
    const body = this.body("data", this.dataItem);
    if (this.RECORDING_PHASE) return recorded;
    const keyword = tokenSpan(this.b, from);
    return this.documented({ kind: "data", keyword, ...body, ...this.placeFrom(from) });
  });

  readonly dataItem = this.RULE("dataItem", (): DataSection["items"][number] => this.OR(this.#dataItem));

  readonly #dataItem: OrMethodOpts<DataSection["items"][number]> = {
    DEF: [{ ALT: () => this.SUBRULE(this.binding) }, { ALT: () => this.SUBRULE(this.setting) }],
    ERR_MSG: "an item",
  };

  readonly budgetSection = this.RULE("budgetSection", (): BudgetSection => {
    const from = this.CONSUME(t.Budget);
    const { items: limits, broken } = this.body("budget", this.limit);
    if (this.RECORDING_PHASE) return recorded;
    const keyword = tokenSpan(this.b, from);
    return this.documented({ kind: "budget", keyword, limits, broken, ...this.placeFrom(from) });
  });
}
