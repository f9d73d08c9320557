import type { LossEntry } from "../entry.js";
import { binaryCrossentropy } from "./binary_crossentropy.js";
import { categoricalCrossentropy } from "./categorical_crossentropy.js";
import { huber } from "./huber.js";
import { mae } from "./mae.js";
import { mse } from "./mse.js";

export const losses: readonly LossEntry[] = [binaryCrossentropy, categoricalCrossentropy, huber, mae, mse];
