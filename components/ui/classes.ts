import { clsx, type ClassValue } from 'clsx';

/**
 * Joins class names. What a component is given is added to its own and takes nothing back: a component
 * that comes in two sizes has a `size`, and the rare exception ends in `!`.
 */
export const cx = (...names: ClassValue[]): string => clsx(names);
