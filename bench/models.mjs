// The models that are measured, by name: what each is, its spec, the batch, how many steps make an epoch, the shape of a row
// of each input and label (none for classes, which are indices; `oneHot` says how many), the data for so many rows, and the
// same network for tfjs-layers and for jax-js. step_torch.py and step_keras.py hold them for PyTorch and Keras.
import { cnn } from "./models/cnn.mjs";
import { embeddings } from "./models/embeddings.mjs";
import { lstm } from "./models/lstm.mjs";
import { mlp } from "./models/mlp.mjs";
import { transformer } from "./models/transformer.mjs";
import { twoTowers } from "./models/two-towers.mjs";

export const models = { "two-towers": twoTowers, mlp, cnn, lstm, transformer, embeddings };
