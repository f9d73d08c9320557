import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface TypeCstNode extends CstNode {
  name: "type";
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  Name: IToken[];
  LParen?: IToken[];
  expressions?: (ExpressionsCstNode)[];
  RParen?: IToken[];
  LSquare?: IToken[];
  RSquare?: IToken[];
  Question?: IToken[];
};

export interface ExpressionsCstNode extends CstNode {
  name: "expressions";
  children: ExpressionsCstChildren;
}

export type ExpressionsCstChildren = {
  expression: (ExpressionCstNode)[];
  Comma?: (IToken)[];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  operand: (OperandCstNode)[];
  Operator?: IToken[];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  Minus?: IToken[];
  call?: CallCstNode[];
  NumberLiteral?: IToken[];
  Unit?: IToken[];
  StringLiteral?: IToken[];
  True?: IToken[];
  False?: IToken[];
  ColumnReference?: IToken[];
  parenthesized?: ParenthesizedCstNode[];
  list?: ListCstNode[];
  object?: ObjectCstNode[];
  repeat?: RepeatCstNode[];
  postfix?: PostfixCstNode[];
};

export interface PostfixCstNode extends CstNode {
  name: "postfix";
  children: PostfixCstChildren;
}

export type PostfixCstChildren = {
  LSquare?: IToken[];
  expressions?: ExpressionsCstNode[];
  RSquare?: IToken[];
  As?: IToken[];
  Name?: IToken[];
};

export interface CallCstNode extends CstNode {
  name: "call";
  children: CallCstChildren;
}

export type CallCstChildren = {
  path: PathCstNode[];
  LParen?: IToken[];
  argument?: (ArgumentCstNode)[];
  Comma?: (IToken)[];
  RParen?: IToken[];
};

export interface ArgumentCstNode extends CstNode {
  name: "argument";
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  Name?: IToken[];
  Colon?: IToken[];
  expression: ExpressionCstNode[];
};

export interface PathCstNode extends CstNode {
  name: "path";
  children: PathCstChildren;
}

export type PathCstChildren = {
  Name?: (IToken)[];
  Star?: (IToken)[];
  Dot?: IToken[];
};

export interface ParenthesizedCstNode extends CstNode {
  name: "parenthesized";
  children: ParenthesizedCstChildren;
}

export type ParenthesizedCstChildren = {
  LParen: IToken[];
  expression: ExpressionCstNode[];
  RParen: IToken[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LSquare: IToken[];
  comprehension?: ComprehensionCstNode[];
  expressions?: ExpressionsCstNode[];
  RSquare: IToken[];
};

export interface ComprehensionCstNode extends CstNode {
  name: "comprehension";
  children: ComprehensionCstChildren;
}

export type ComprehensionCstChildren = {
  For: IToken[];
  Name: IToken[];
  In: IToken[];
  expression: (ExpressionCstNode)[];
  Colon: IToken[];
};

export interface ObjectCstNode extends CstNode {
  name: "object";
  children: ObjectCstChildren;
}

export type ObjectCstChildren = {
  LCurly: IToken[];
  entry?: EntryCstNode[];
  RCurly: IToken[];
};

export interface EntryCstNode extends CstNode {
  name: "entry";
  children: EntryCstChildren;
}

export type EntryCstChildren = {
  Name?: IToken[];
  StringLiteral?: IToken[];
  Colon: IToken[];
  expression: ExpressionCstNode[];
  Comma?: IToken[];
};

export interface RepeatCstNode extends CstNode {
  name: "repeat";
  children: RepeatCstChildren;
}

export type RepeatCstChildren = {
  Repeat: IToken[];
  count: CountCstNode[];
  LCurly: IToken[];
  expression: ExpressionCstNode[];
  RCurly: IToken[];
};

export interface CountCstNode extends CstNode {
  name: "count";
  children: CountCstChildren;
}

export type CountCstChildren = {
  countOperand: (CountOperandCstNode)[];
  Operator?: IToken[];
};

export interface CountOperandCstNode extends CstNode {
  name: "countOperand";
  children: CountOperandCstChildren;
}

export type CountOperandCstChildren = {
  Minus?: IToken[];
  call?: CallCstNode[];
  NumberLiteral?: IToken[];
  Unit?: IToken[];
  parenthesized?: ParenthesizedCstNode[];
  postfix?: PostfixCstNode[];
};

export interface SpecCstNode extends CstNode {
  name: "spec";
  children: SpecCstChildren;
}

export type SpecCstChildren = {
  section?: SectionCstNode[];
};

export interface SectionCstNode extends CstNode {
  name: "section";
  children: SectionCstChildren;
}

export type SectionCstChildren = {
  importSection?: ImportSectionCstNode[];
  constSection?: ConstSectionCstNode[];
  dimSection?: DimSectionCstNode[];
  blockSection?: BlockSectionCstNode[];
  modelSection?: ModelSectionCstNode[];
  trainSection?: TrainSectionCstNode[];
  metaSection?: MetaSectionCstNode[];
  dataSection?: DataSectionCstNode[];
  budgetSection?: BudgetSectionCstNode[];
};

export interface ImportSectionCstNode extends CstNode {
  name: "importSection";
  children: ImportSectionCstChildren;
}

export type ImportSectionCstChildren = {
  Import: IToken[];
  LCurly: IToken[];
  importName: (ImportNameCstNode)[];
  Comma?: (IToken)[];
  RCurly: IToken[];
  From: IToken[];
  StringLiteral: IToken[];
};

export interface ImportNameCstNode extends CstNode {
  name: "importName";
  children: ImportNameCstChildren;
}

export type ImportNameCstChildren = {
  Name: (IToken)[];
  As?: IToken[];
};

export interface ConstSectionCstNode extends CstNode {
  name: "constSection";
  children: ConstSectionCstChildren;
}

export type ConstSectionCstChildren = {
  Const: IToken[];
  Name: IToken[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface DimSectionCstNode extends CstNode {
  name: "dimSection";
  children: DimSectionCstChildren;
}

export type DimSectionCstChildren = {
  Dim: IToken[];
  Name: IToken[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface BlockSectionCstNode extends CstNode {
  name: "blockSection";
  children: BlockSectionCstChildren;
}

export type BlockSectionCstChildren = {
  Block: IToken[];
  Name: IToken[];
  LParen: IToken[];
  blockParameter?: (BlockParameterCstNode)[];
  Comma?: (IToken)[];
  RParen: IToken[];
  LCurly: IToken[];
  blockItem?: BlockItemCstNode[];
  RCurly: IToken[];
};

export interface BlockParameterCstNode extends CstNode {
  name: "blockParameter";
  children: BlockParameterCstChildren;
}

export type BlockParameterCstChildren = {
  Name: IToken[];
  Colon: IToken[];
  type: TypeCstNode[];
  Equals?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface BlockItemCstNode extends CstNode {
  name: "blockItem";
  children: BlockItemCstChildren;
}

export type BlockItemCstChildren = {
  sharedDeclaration?: SharedDeclarationCstNode[];
  weightDeclaration?: WeightDeclarationCstNode[];
  returnStatement?: ReturnStatementCstNode[];
  binding?: BindingCstNode[];
};

export interface ModelSectionCstNode extends CstNode {
  name: "modelSection";
  children: ModelSectionCstChildren;
}

export type ModelSectionCstChildren = {
  Model: IToken[];
  Name: IToken[];
  LCurly: IToken[];
  modelItem?: ModelItemCstNode[];
  RCurly: IToken[];
};

export interface ModelItemCstNode extends CstNode {
  name: "modelItem";
  children: ModelItemCstChildren;
}

export type ModelItemCstChildren = {
  inputDeclaration?: InputDeclarationCstNode[];
  sharedDeclaration?: SharedDeclarationCstNode[];
  weightDeclaration?: WeightDeclarationCstNode[];
  taskDeclaration?: TaskDeclarationCstNode[];
  binding?: BindingCstNode[];
};

export interface TaskDeclarationCstNode extends CstNode {
  name: "taskDeclaration";
  children: TaskDeclarationCstChildren;
}

export type TaskDeclarationCstChildren = {
  Task: IToken[];
  Name: IToken[];
  LCurly: IToken[];
  taskItem?: TaskItemCstNode[];
  RCurly: IToken[];
};

export interface TaskItemCstNode extends CstNode {
  name: "taskItem";
  children: TaskItemCstChildren;
}

export type TaskItemCstChildren = {
  sharedDeclaration?: SharedDeclarationCstNode[];
  weightDeclaration?: WeightDeclarationCstNode[];
  labelSetting?: LabelSettingCstNode[];
  taskSetting?: TaskSettingCstNode[];
  binding?: BindingCstNode[];
};

export interface TrainSectionCstNode extends CstNode {
  name: "trainSection";
  children: TrainSectionCstChildren;
}

export type TrainSectionCstChildren = {
  Train: IToken[];
  Name?: IToken[];
  LCurly: IToken[];
  setting?: SettingCstNode[];
  RCurly: IToken[];
};

export interface MetaSectionCstNode extends CstNode {
  name: "metaSection";
  children: MetaSectionCstChildren;
}

export type MetaSectionCstChildren = {
  Meta: IToken[];
  LCurly: IToken[];
  setting?: SettingCstNode[];
  RCurly: IToken[];
};

export interface DataSectionCstNode extends CstNode {
  name: "dataSection";
  children: DataSectionCstChildren;
}

export type DataSectionCstChildren = {
  Data: IToken[];
  LCurly: IToken[];
  dataItem?: DataItemCstNode[];
  RCurly: IToken[];
};

export interface DataItemCstNode extends CstNode {
  name: "dataItem";
  children: DataItemCstChildren;
}

export type DataItemCstChildren = {
  binding?: BindingCstNode[];
  setting?: SettingCstNode[];
};

export interface BudgetSectionCstNode extends CstNode {
  name: "budgetSection";
  children: BudgetSectionCstChildren;
}

export type BudgetSectionCstChildren = {
  Budget: IToken[];
  LCurly: IToken[];
  limit?: LimitCstNode[];
  RCurly: IToken[];
};

export interface InputDeclarationCstNode extends CstNode {
  name: "inputDeclaration";
  children: InputDeclarationCstChildren;
}

export type InputDeclarationCstChildren = {
  Input: IToken[];
  Name: IToken[];
  Colon: IToken[];
  type: TypeCstNode[];
};

export interface SharedDeclarationCstNode extends CstNode {
  name: "sharedDeclaration";
  children: SharedDeclarationCstChildren;
}

export type SharedDeclarationCstChildren = {
  Shared: IToken[];
  Name: IToken[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface WeightDeclarationCstNode extends CstNode {
  name: "weightDeclaration";
  children: WeightDeclarationCstChildren;
}

export type WeightDeclarationCstChildren = {
  Weight: IToken[];
  Name: IToken[];
  Colon: IToken[];
  type: TypeCstNode[];
  Equals?: IToken[];
  expression?: ExpressionCstNode[];
};

export interface ReturnStatementCstNode extends CstNode {
  name: "returnStatement";
  children: ReturnStatementCstChildren;
}

export type ReturnStatementCstChildren = {
  Return: IToken[];
  expression: ExpressionCstNode[];
};

export interface BindingCstNode extends CstNode {
  name: "binding";
  children: BindingCstChildren;
}

export type BindingCstChildren = {
  Name: IToken[];
  Equals: IToken[];
  expression: ExpressionCstNode[];
};

export interface SettingCstNode extends CstNode {
  name: "setting";
  children: SettingCstChildren;
}

export type SettingCstChildren = {
  Name: IToken[];
  path?: PathCstNode[];
  Colon: IToken[];
  expression: ExpressionCstNode[];
};

export interface TaskSettingCstNode extends CstNode {
  name: "taskSetting";
  children: TaskSettingCstChildren;
}

export type TaskSettingCstChildren = {
  Name: IToken[];
  Colon: IToken[];
  expression: ExpressionCstNode[];
};

export interface LabelSettingCstNode extends CstNode {
  name: "labelSetting";
  children: LabelSettingCstChildren;
}

export type LabelSettingCstChildren = {
  Label: IToken[];
  Colon: IToken[];
  type: TypeCstNode[];
};

export interface LimitCstNode extends CstNode {
  name: "limit";
  children: LimitCstChildren;
}

export type LimitCstChildren = {
  Name: IToken[];
  Comparison: IToken[];
  expression: ExpressionCstNode[];
};

export interface ICstNodeVisitor<IN, OUT> extends ICstVisitor<IN, OUT> {
  type(children: TypeCstChildren, param?: IN): OUT;
  expressions(children: ExpressionsCstChildren, param?: IN): OUT;
  expression(children: ExpressionCstChildren, param?: IN): OUT;
  operand(children: OperandCstChildren, param?: IN): OUT;
  postfix(children: PostfixCstChildren, param?: IN): OUT;
  call(children: CallCstChildren, param?: IN): OUT;
  argument(children: ArgumentCstChildren, param?: IN): OUT;
  path(children: PathCstChildren, param?: IN): OUT;
  parenthesized(children: ParenthesizedCstChildren, param?: IN): OUT;
  list(children: ListCstChildren, param?: IN): OUT;
  comprehension(children: ComprehensionCstChildren, param?: IN): OUT;
  object(children: ObjectCstChildren, param?: IN): OUT;
  entry(children: EntryCstChildren, param?: IN): OUT;
  repeat(children: RepeatCstChildren, param?: IN): OUT;
  count(children: CountCstChildren, param?: IN): OUT;
  countOperand(children: CountOperandCstChildren, param?: IN): OUT;
  spec(children: SpecCstChildren, param?: IN): OUT;
  section(children: SectionCstChildren, param?: IN): OUT;
  importSection(children: ImportSectionCstChildren, param?: IN): OUT;
  importName(children: ImportNameCstChildren, param?: IN): OUT;
  constSection(children: ConstSectionCstChildren, param?: IN): OUT;
  dimSection(children: DimSectionCstChildren, param?: IN): OUT;
  blockSection(children: BlockSectionCstChildren, param?: IN): OUT;
  blockParameter(children: BlockParameterCstChildren, param?: IN): OUT;
  blockItem(children: BlockItemCstChildren, param?: IN): OUT;
  modelSection(children: ModelSectionCstChildren, param?: IN): OUT;
  modelItem(children: ModelItemCstChildren, param?: IN): OUT;
  taskDeclaration(children: TaskDeclarationCstChildren, param?: IN): OUT;
  taskItem(children: TaskItemCstChildren, param?: IN): OUT;
  trainSection(children: TrainSectionCstChildren, param?: IN): OUT;
  metaSection(children: MetaSectionCstChildren, param?: IN): OUT;
  dataSection(children: DataSectionCstChildren, param?: IN): OUT;
  dataItem(children: DataItemCstChildren, param?: IN): OUT;
  budgetSection(children: BudgetSectionCstChildren, param?: IN): OUT;
  inputDeclaration(children: InputDeclarationCstChildren, param?: IN): OUT;
  sharedDeclaration(children: SharedDeclarationCstChildren, param?: IN): OUT;
  weightDeclaration(children: WeightDeclarationCstChildren, param?: IN): OUT;
  returnStatement(children: ReturnStatementCstChildren, param?: IN): OUT;
  binding(children: BindingCstChildren, param?: IN): OUT;
  setting(children: SettingCstChildren, param?: IN): OUT;
  taskSetting(children: TaskSettingCstChildren, param?: IN): OUT;
  labelSetting(children: LabelSettingCstChildren, param?: IN): OUT;
  limit(children: LimitCstChildren, param?: IN): OUT;
}
