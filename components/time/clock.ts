/** The viewer's own clock: for saying how long ago something was, and for nothing that is stored. */
export const nowMs = (): number => Date.now();
