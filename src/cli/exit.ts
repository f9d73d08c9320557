/** What a command's exit code says: all went well, a mistake in a spec or file, wrong use, our own defect, Ctrl-C. */
export const exitCodes = { fine: 0, mistake: 1, usage: 2, defect: 3, interrupted: 130 } as const;

/** Ends a command with this code; what there is to say has been said. */
export class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}
