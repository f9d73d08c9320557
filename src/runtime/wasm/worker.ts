import { groups } from "./kernels.generated.js";
import { serveThread } from "./threads-serve.js";

serveThread(groups);
