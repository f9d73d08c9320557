import type { CstNode, ParserMethod } from "chevrotain";
import { ExpressionParser } from "./expressions.js";
import * as t from "./tokens.js";

/** The grammar, rule by rule; `nnspec.ebnf` says the same on paper. */
export class NnspecParser extends ExpressionParser {
  constructor() {
    super();
    this.performSelfAnalysis();
  }

  // Sections

  protected readonly spec: ParserMethod<[], CstNode> = this.RULE("spec", () => {
    this.items("file", this.section);
  });

  readonly section: ParserMethod<[], CstNode> = this.RULE("section", () => {
    this.OR({
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
    });
  });

  readonly importSection = this.RULE("importSection", () => {
    this.CONSUME(t.Import);
    this.CONSUME(t.LCurly);
    this.SUBRULE(this.importName);
    this.MANY(() => {
      this.CONSUME(t.Comma);
      this.SUBRULE2(this.importName);
    });
    this.OPTION(() => this.CONSUME2(t.Comma));
    this.CONSUME(t.RCurly);
    this.CONSUME(t.From);
    this.CONSUME(t.StringLiteral);
  });

  readonly importName = this.RULE("importName", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.As);
      this.CONSUME2(t.Name);
    });
  });

  readonly constSection = this.RULE("constSection", () => {
    this.CONSUME(t.Const);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  readonly dimSection = this.RULE("dimSection", () => {
    this.CONSUME(t.Dim);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  readonly blockSection = this.RULE("blockSection", () => {
    this.CONSUME(t.Block);
    this.CONSUME(t.Name);
    this.CONSUME(t.LParen);
    this.OPTION(() => {
      this.SUBRULE(this.blockParameter);
      this.MANY(() => {
        this.CONSUME(t.Comma);
        this.SUBRULE2(this.blockParameter);
      });
      this.OPTION2(() => this.CONSUME2(t.Comma));
    });
    this.CONSUME(t.RParen);
    this.body("block", this.blockItem);
  });

  readonly blockParameter = this.RULE("blockParameter", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expression);
    });
  });

  readonly blockItem: ParserMethod<[], CstNode> = this.RULE("blockItem", () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.sharedDeclaration) },
        { ALT: () => this.SUBRULE(this.weightDeclaration) },
        { ALT: () => this.SUBRULE(this.returnStatement) },
        { ALT: () => this.SUBRULE(this.binding) },
      ],
      ERR_MSG: "an item",
    });
  });

  readonly modelSection = this.RULE("modelSection", () => {
    this.CONSUME(t.Model);
    this.CONSUME(t.Name);
    this.body("model", this.modelItem);
  });

  readonly modelItem: ParserMethod<[], CstNode> = this.RULE("modelItem", () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.inputDeclaration) },
        { ALT: () => this.SUBRULE(this.sharedDeclaration) },
        { ALT: () => this.SUBRULE(this.weightDeclaration) },
        { ALT: () => this.SUBRULE(this.taskDeclaration) },
        { ALT: () => this.SUBRULE(this.binding) },
      ],
      ERR_MSG: "an item",
    });
  });

  readonly taskDeclaration = this.RULE("taskDeclaration", () => {
    this.CONSUME(t.Task);
    this.CONSUME(t.Name);
    this.body("task", this.taskItem);
  });

  readonly taskItem: ParserMethod<[], CstNode> = this.RULE("taskItem", () => {
    this.OR({
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
    });
  });

  readonly trainSection = this.RULE("trainSection", () => {
    this.CONSUME(t.Train);
    this.OPTION(() => this.CONSUME(t.Name));
    this.body("train", this.setting);
  });

  readonly metaSection = this.RULE("metaSection", () => {
    this.CONSUME(t.Meta);
    this.body("meta", this.setting);
  });

  readonly dataSection = this.RULE("dataSection", () => {
    this.CONSUME(t.Data);
    this.body("data", this.dataItem);
  });

  readonly dataItem: ParserMethod<[], CstNode> = this.RULE("dataItem", () => {
    this.OR({
      DEF: [{ ALT: () => this.SUBRULE(this.binding) }, { ALT: () => this.SUBRULE(this.setting) }],
      ERR_MSG: "an item",
    });
  });

  readonly budgetSection = this.RULE("budgetSection", () => {
    this.CONSUME(t.Budget);
    this.body("budget", this.limit);
  });

  // Items

  readonly inputDeclaration = this.RULE("inputDeclaration", () => {
    this.CONSUME(t.Input);
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
  });

  readonly sharedDeclaration = this.RULE("sharedDeclaration", () => {
    this.CONSUME(t.Shared);
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  readonly weightDeclaration = this.RULE("weightDeclaration", () => {
    this.CONSUME(t.Weight);
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expression);
    });
  });

  readonly returnStatement = this.RULE("returnStatement", () => {
    this.CONSUME(t.Return);
    this.SUBRULE(this.expression);
  });

  readonly binding = this.RULE("binding", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  readonly setting: ParserMethod<[], CstNode> = this.RULE("setting", () => {
    this.CONSUME(t.Name);
    this.OPTION(() => this.SUBRULE(this.path));
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expression);
  });

  readonly taskSetting = this.RULE("taskSetting", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.expression);
  });

  readonly labelSetting = this.RULE("labelSetting", () => {
    this.CONSUME(t.Label);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
  });

  readonly limit: ParserMethod<[], CstNode> = this.RULE("limit", () => {
    this.CONSUME(t.Name);
    this.CONSUME(t.Comparison);
    this.SUBRULE(this.expression);
  });
}
