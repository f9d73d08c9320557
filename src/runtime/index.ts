export type {
  FieldDescriptor,
  FieldKind,
  MetaDescriptor,
  MetricUse,
  ModelDescriptor,
  StopDescriptor,
  TaskDescriptor,
  TrainDescriptor,
  TransformUse,
} from "./descriptor.js";
export { checkStart } from "./arguments.js";
export { InputError } from "./errors.js";
export type { Report } from "./evaluation.js";
export type { ColumnMetric, MetricValue } from "./measures.js";
export type { EpochEvent, FitOptions, FitResult, StepEvent } from "./fit-api.js";
export { classEpisodes } from "./meta/classes.js";
export type { LabelledRows } from "./meta/classes.js";
export { groupEpisodes } from "./meta/groups.js";
export type { GroupRows } from "./meta/groups.js";
export type { DrawEpisode, Episode, TaskRows } from "./meta/episodes.js";
export { startMetaModel } from "./meta/model.js";
export type {
  AdaptedModel,
  AdaptOptions,
  MetaEvaluateOptions,
  MetaFitOptions,
  MetaFitResult,
  MetaModel,
  MetaReport,
  MetaStepEvent,
  MetaValidation,
} from "./meta/api.js";
export type { Spread } from "./meta/statistics.js";
export { startModel } from "./model.js";
export type { EpochData, FitData, Model, ModelFitOptions, PartialFitOptions, WeightValues } from "./api.js";
export type { Session } from "./session.js";
export type { HostTensor } from "./tensor.js";
export type {
  ClassPrediction,
  ClassRow,
  ClassRows,
  ModelTypes,
  NumberRows,
  OpenTypes,
  Prediction,
  RowPrediction,
  SomeRows,
  ValuePrediction,
} from "./types.js";
