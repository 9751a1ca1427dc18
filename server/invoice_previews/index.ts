import { resource } from '@/server/kernel/resource';
import { createPreview } from './operations';

export const invoice_previews = resource({ object: 'invoice', operations: { createPreview } });
