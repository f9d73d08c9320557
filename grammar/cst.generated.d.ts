import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface TypeCstNode extends CstNode {
  name: "type";
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  Name: [IToken, ...IToken[]];
  LParen?: [IToken, ...IToken[]];
  expressions?: [ExpressionsCstNode, ...ExpressionsCstNode[]];
  RParen?: [IToken, ...IToken[]];
  LSquare?: [IToken, ...IToken[]];
  RSquare?: [IToken, ...IToken[]];
  Question?: [IToken, ...IToken[]];
};

export interface ExpressionsCstNode extends CstNode {
  name: "expressions";
  children: ExpressionsCstChildren;
}

export type ExpressionsCstChildren = {
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
  Comma?: [IToken, ...IToken[]];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  operand: [OperandCstNode, ...OperandCstNode[]];
  Operator?: [IToken, ...IToken[]];
};

export interface OperandCstNode extends CstNode {
  name: "operand";
  children: OperandCstChildren;
}

export type OperandCstChildren = {
  Minus?: [IToken, ...IToken[]];
  call?: [CallCstNode, ...CallCstNode[]];
  NumberLiteral?: [IToken, ...IToken[]];
  Unit?: [IToken, ...IToken[]];
  StringLiteral?: [IToken, ...IToken[]];
  True?: [IToken, ...IToken[]];
  False?: [IToken, ...IToken[]];
  ColumnReference?: [IToken, ...IToken[]];
  parenthesized?: [ParenthesizedCstNode, ...ParenthesizedCstNode[]];
  list?: [ListCstNode, ...ListCstNode[]];
  object?: [ObjectCstNode, ...ObjectCstNode[]];
  repeat?: [RepeatCstNode, ...RepeatCstNode[]];
  postfix?: [PostfixCstNode, ...PostfixCstNode[]];
};

export interface PostfixCstNode extends CstNode {
  name: "postfix";
  children: PostfixCstChildren;
}

export type PostfixCstChildren = {
  LSquare?: [IToken, ...IToken[]];
  expressions?: [ExpressionsCstNode, ...ExpressionsCstNode[]];
  RSquare?: [IToken, ...IToken[]];
  As?: [IToken, ...IToken[]];
  Name?: [IToken, ...IToken[]];
};

export interface CallCstNode extends CstNode {
  name: "call";
  children: CallCstChildren;
}

export type CallCstChildren = {
  path: [PathCstNode, ...PathCstNode[]];
  LParen?: [IToken, ...IToken[]];
  argument?: [ArgumentCstNode, ...ArgumentCstNode[]];
  Comma?: [IToken, ...IToken[]];
  RParen?: [IToken, ...IToken[]];
};

export interface ArgumentCstNode extends CstNode {
  name: "argument";
  children: ArgumentCstChildren;
}

export type ArgumentCstChildren = {
  Name?: [IToken, ...IToken[]];
  Colon?: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface PathCstNode extends CstNode {
  name: "path";
  children: PathCstChildren;
}

export type PathCstChildren = {
  Name?: [IToken, ...IToken[]];
  Star?: [IToken, ...IToken[]];
  Dot?: [IToken, ...IToken[]];
};

export interface ParenthesizedCstNode extends CstNode {
  name: "parenthesized";
  children: ParenthesizedCstChildren;
}

export type ParenthesizedCstChildren = {
  LParen: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
  RParen: [IToken, ...IToken[]];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LSquare: [IToken, ...IToken[]];
  comprehension?: [ComprehensionCstNode, ...ComprehensionCstNode[]];
  expressions?: [ExpressionsCstNode, ...ExpressionsCstNode[]];
  RSquare: [IToken, ...IToken[]];
};

export interface ComprehensionCstNode extends CstNode {
  name: "comprehension";
  children: ComprehensionCstChildren;
}

export type ComprehensionCstChildren = {
  For: [IToken, ...IToken[]];
  Name: [IToken, ...IToken[]];
  In: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
  Colon: [IToken, ...IToken[]];
};

export interface ObjectCstNode extends CstNode {
  name: "object";
  children: ObjectCstChildren;
}

export type ObjectCstChildren = {
  LCurly: [IToken, ...IToken[]];
  entry?: [EntryCstNode, ...EntryCstNode[]];
  RCurly: [IToken, ...IToken[]];
};

export interface EntryCstNode extends CstNode {
  name: "entry";
  children: EntryCstChildren;
}

export type EntryCstChildren = {
  Name?: [IToken, ...IToken[]];
  StringLiteral?: [IToken, ...IToken[]];
  Colon: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
  Comma?: [IToken, ...IToken[]];
};

export interface RepeatCstNode extends CstNode {
  name: "repeat";
  children: RepeatCstChildren;
}

export type RepeatCstChildren = {
  Repeat: [IToken, ...IToken[]];
  count: [CountCstNode, ...CountCstNode[]];
  LCurly: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
  RCurly: [IToken, ...IToken[]];
};

export interface CountCstNode extends CstNode {
  name: "count";
  children: CountCstChildren;
}

export type CountCstChildren = {
  countOperand: [CountOperandCstNode, ...CountOperandCstNode[]];
  Operator?: [IToken, ...IToken[]];
};

export interface CountOperandCstNode extends CstNode {
  name: "countOperand";
  children: CountOperandCstChildren;
}

export type CountOperandCstChildren = {
  Minus?: [IToken, ...IToken[]];
  call?: [CallCstNode, ...CallCstNode[]];
  NumberLiteral?: [IToken, ...IToken[]];
  Unit?: [IToken, ...IToken[]];
  parenthesized?: [ParenthesizedCstNode, ...ParenthesizedCstNode[]];
  postfix?: [PostfixCstNode, ...PostfixCstNode[]];
};

export interface SpecCstNode extends CstNode {
  name: "spec";
  children: SpecCstChildren;
}

export type SpecCstChildren = {
  section?: [SectionCstNode, ...SectionCstNode[]];
};

export interface SectionCstNode extends CstNode {
  name: "section";
  children: SectionCstChildren;
}

export type SectionCstChildren = {
  importSection?: [ImportSectionCstNode, ...ImportSectionCstNode[]];
  constSection?: [ConstSectionCstNode, ...ConstSectionCstNode[]];
  dimSection?: [DimSectionCstNode, ...DimSectionCstNode[]];
  blockSection?: [BlockSectionCstNode, ...BlockSectionCstNode[]];
  modelSection?: [ModelSectionCstNode, ...ModelSectionCstNode[]];
  trainSection?: [TrainSectionCstNode, ...TrainSectionCstNode[]];
  metaSection?: [MetaSectionCstNode, ...MetaSectionCstNode[]];
  dataSection?: [DataSectionCstNode, ...DataSectionCstNode[]];
  budgetSection?: [BudgetSectionCstNode, ...BudgetSectionCstNode[]];
};

export interface ImportSectionCstNode extends CstNode {
  name: "importSection";
  children: ImportSectionCstChildren;
}

export type ImportSectionCstChildren = {
  Import: [IToken, ...IToken[]];
  LCurly: [IToken, ...IToken[]];
  importName: [ImportNameCstNode, ...ImportNameCstNode[]];
  Comma?: [IToken, ...IToken[]];
  RCurly: [IToken, ...IToken[]];
  From: [IToken, ...IToken[]];
  StringLiteral: [IToken, ...IToken[]];
};

export interface ImportNameCstNode extends CstNode {
  name: "importName";
  children: ImportNameCstChildren;
}

export type ImportNameCstChildren = {
  Name: [IToken, ...IToken[]];
  As?: [IToken, ...IToken[]];
};

export interface ConstSectionCstNode extends CstNode {
  name: "constSection";
  children: ConstSectionCstChildren;
}

export type ConstSectionCstChildren = {
  Const: [IToken, ...IToken[]];
  Name: [IToken, ...IToken[]];
  Equals: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface DimSectionCstNode extends CstNode {
  name: "dimSection";
  children: DimSectionCstChildren;
}

export type DimSectionCstChildren = {
  Dim: [IToken, ...IToken[]];
  Name: [IToken, ...IToken[]];
  Equals: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface BlockSectionCstNode extends CstNode {
  name: "blockSection";
  children: BlockSectionCstChildren;
}

export type BlockSectionCstChildren = {
  Block: [IToken, ...IToken[]];
  Name: [IToken, ...IToken[]];
  LParen: [IToken, ...IToken[]];
  blockParameter?: [BlockParameterCstNode, ...BlockParameterCstNode[]];
  Comma?: [IToken, ...IToken[]];
  RParen: [IToken, ...IToken[]];
  LCurly: [IToken, ...IToken[]];
  blockItem?: [BlockItemCstNode, ...BlockItemCstNode[]];
  RCurly: [IToken, ...IToken[]];
};

export interface BlockParameterCstNode extends CstNode {
  name: "blockParameter";
  children: BlockParameterCstChildren;
}

export type BlockParameterCstChildren = {
  Name: [IToken, ...IToken[]];
  Colon: [IToken, ...IToken[]];
  type: [TypeCstNode, ...TypeCstNode[]];
  Equals?: [IToken, ...IToken[]];
  expression?: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface BlockItemCstNode extends CstNode {
  name: "blockItem";
  children: BlockItemCstChildren;
}

export type BlockItemCstChildren = {
  sharedDeclaration?: [SharedDeclarationCstNode, ...SharedDeclarationCstNode[]];
  weightDeclaration?: [WeightDeclarationCstNode, ...WeightDeclarationCstNode[]];
  returnStatement?: [ReturnStatementCstNode, ...ReturnStatementCstNode[]];
  binding?: [BindingCstNode, ...BindingCstNode[]];
};

export interface ModelSectionCstNode extends CstNode {
  name: "modelSection";
  children: ModelSectionCstChildren;
}

export type ModelSectionCstChildren = {
  Model: [IToken, ...IToken[]];
  Name: [IToken, ...IToken[]];
  LCurly: [IToken, ...IToken[]];
  modelItem?: [ModelItemCstNode, ...ModelItemCstNode[]];
  RCurly: [IToken, ...IToken[]];
};

export interface ModelItemCstNode extends CstNode {
  name: "modelItem";
  children: ModelItemCstChildren;
}

export type ModelItemCstChildren = {
  inputDeclaration?: [InputDeclarationCstNode, ...InputDeclarationCstNode[]];
  sharedDeclaration?: [SharedDeclarationCstNode, ...SharedDeclarationCstNode[]];
  weightDeclaration?: [WeightDeclarationCstNode, ...WeightDeclarationCstNode[]];
  taskDeclaration?: [TaskDeclarationCstNode, ...TaskDeclarationCstNode[]];
  binding?: [BindingCstNode, ...BindingCstNode[]];
};

export interface TaskDeclarationCstNode extends CstNode {
  name: "taskDeclaration";
  children: TaskDeclarationCstChildren;
}

export type TaskDeclarationCstChildren = {
  Task: [IToken, ...IToken[]];
  Name: [IToken, ...IToken[]];
  LCurly: [IToken, ...IToken[]];
  taskItem?: [TaskItemCstNode, ...TaskItemCstNode[]];
  RCurly: [IToken, ...IToken[]];
};

export interface TaskItemCstNode extends CstNode {
  name: "taskItem";
  children: TaskItemCstChildren;
}

export type TaskItemCstChildren = {
  sharedDeclaration?: [SharedDeclarationCstNode, ...SharedDeclarationCstNode[]];
  weightDeclaration?: [WeightDeclarationCstNode, ...WeightDeclarationCstNode[]];
  labelSetting?: [LabelSettingCstNode, ...LabelSettingCstNode[]];
  taskSetting?: [TaskSettingCstNode, ...TaskSettingCstNode[]];
  binding?: [BindingCstNode, ...BindingCstNode[]];
};

export interface TrainSectionCstNode extends CstNode {
  name: "trainSection";
  children: TrainSectionCstChildren;
}

export type TrainSectionCstChildren = {
  Train: [IToken, ...IToken[]];
  Name?: [IToken, ...IToken[]];
  LCurly: [IToken, ...IToken[]];
  setting?: [SettingCstNode, ...SettingCstNode[]];
  RCurly: [IToken, ...IToken[]];
};

export interface MetaSectionCstNode extends CstNode {
  name: "metaSection";
  children: MetaSectionCstChildren;
}

export type MetaSectionCstChildren = {
  Meta: [IToken, ...IToken[]];
  LCurly: [IToken, ...IToken[]];
  setting?: [SettingCstNode, ...SettingCstNode[]];
  RCurly: [IToken, ...IToken[]];
};

export interface DataSectionCstNode extends CstNode {
  name: "dataSection";
  children: DataSectionCstChildren;
}

export type DataSectionCstChildren = {
  Data: [IToken, ...IToken[]];
  LCurly: [IToken, ...IToken[]];
  dataItem?: [DataItemCstNode, ...DataItemCstNode[]];
  RCurly: [IToken, ...IToken[]];
};

export interface DataItemCstNode extends CstNode {
  name: "dataItem";
  children: DataItemCstChildren;
}

export type DataItemCstChildren = {
  binding?: [BindingCstNode, ...BindingCstNode[]];
  setting?: [SettingCstNode, ...SettingCstNode[]];
};

export interface BudgetSectionCstNode extends CstNode {
  name: "budgetSection";
  children: BudgetSectionCstChildren;
}

export type BudgetSectionCstChildren = {
  Budget: [IToken, ...IToken[]];
  LCurly: [IToken, ...IToken[]];
  limit?: [LimitCstNode, ...LimitCstNode[]];
  RCurly: [IToken, ...IToken[]];
};

export interface InputDeclarationCstNode extends CstNode {
  name: "inputDeclaration";
  children: InputDeclarationCstChildren;
}

export type InputDeclarationCstChildren = {
  Input: [IToken, ...IToken[]];
  Name: [IToken, ...IToken[]];
  Colon: [IToken, ...IToken[]];
  type: [TypeCstNode, ...TypeCstNode[]];
};

export interface SharedDeclarationCstNode extends CstNode {
  name: "sharedDeclaration";
  children: SharedDeclarationCstChildren;
}

export type SharedDeclarationCstChildren = {
  Shared: [IToken, ...IToken[]];
  Name: [IToken, ...IToken[]];
  Equals: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface WeightDeclarationCstNode extends CstNode {
  name: "weightDeclaration";
  children: WeightDeclarationCstChildren;
}

export type WeightDeclarationCstChildren = {
  Weight: [IToken, ...IToken[]];
  Name: [IToken, ...IToken[]];
  Colon: [IToken, ...IToken[]];
  type: [TypeCstNode, ...TypeCstNode[]];
  Equals?: [IToken, ...IToken[]];
  expression?: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface ReturnStatementCstNode extends CstNode {
  name: "returnStatement";
  children: ReturnStatementCstChildren;
}

export type ReturnStatementCstChildren = {
  Return: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface BindingCstNode extends CstNode {
  name: "binding";
  children: BindingCstChildren;
}

export type BindingCstChildren = {
  Name: [IToken, ...IToken[]];
  Equals: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface SettingCstNode extends CstNode {
  name: "setting";
  children: SettingCstChildren;
}

export type SettingCstChildren = {
  Name: [IToken, ...IToken[]];
  path?: [PathCstNode, ...PathCstNode[]];
  Colon: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface TaskSettingCstNode extends CstNode {
  name: "taskSetting";
  children: TaskSettingCstChildren;
}

export type TaskSettingCstChildren = {
  Name: [IToken, ...IToken[]];
  Colon: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
};

export interface LabelSettingCstNode extends CstNode {
  name: "labelSetting";
  children: LabelSettingCstChildren;
}

export type LabelSettingCstChildren = {
  Label: [IToken, ...IToken[]];
  Colon: [IToken, ...IToken[]];
  type: [TypeCstNode, ...TypeCstNode[]];
};

export interface LimitCstNode extends CstNode {
  name: "limit";
  children: LimitCstChildren;
}

export type LimitCstChildren = {
  Name: [IToken, ...IToken[]];
  Comparison: [IToken, ...IToken[]];
  expression: [ExpressionCstNode, ...ExpressionCstNode[]];
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
