/** What a command's exit code says: all went well, a mistake in a spec or file, wrong use, our own defect. */
export const exitCodes = { fine: 0, mistake: 1, usage: 2, defect: 3 } as const;

/** As shells have it, 128 and the signal's number, where a command ended early because it was asked to. */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Ends a command with this code; what there is to say has been said. */
export class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}
