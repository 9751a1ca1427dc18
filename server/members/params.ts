import { z } from 'zod';
import { ROLES } from './roles';

/** As people write it; kept in lower case. */
export const email = z
  .email('This is not an e-mail address.')
  .max(254)
  .transform((text) => text.toLowerCase());

export const role = z.enum(ROLES);

/** Long enough; nothing else is asked of it. NIST SP 800-63B, 3.1.1.2. */
export const newPassword = z
  .string()
  .min(8, 'A password has at least 8 characters.')
  .max(256, 'A password has at most 256 characters.');

export const personName = z.string().trim().min(1).max(100);

export const CreateInvitation = z.strictObject({ email, role });
export const UpdateMember = z.strictObject({ id: z.string(), role });
export const AcceptInvitation = z.strictObject({ token: z.string().max(100) });
export const JoinByInvitation = z.strictObject({
  token: z.string().max(100),
  name: personName,
  password: newPassword,
});
