import { useSyncExternalStore } from 'react';

const never = () => () => undefined;

/**
 * Whether scripts have taken over. Until then a form is sent by the browser itself, with what was
 * typed in its address: one with a secret in it is not to be sent yet.
 */
export const useInBrowser = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
