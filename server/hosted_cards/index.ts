import { resource } from '@/server/kernel/resource';
import { create } from './create';
import { tokenize } from './tokenize';

export const hosted_cards = resource({ object: 'payment_method', operations: { create } });
export const hosted_tokens = resource({ object: 'token', operations: { create: tokenize } });
export { answerOfCard, concludeCard } from './conclude';
