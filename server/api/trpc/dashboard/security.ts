import QrCode from 'qrcode';
import { z } from 'zod';
import { newPassword } from '@/server/members';
import {
  beginTotp,
  changePassword,
  confirmTotp,
  disableTotp,
  readSecurity,
  renewCodes,
} from '@/server/sessions';
import { forPerson } from './procedure';

const Password = z.strictObject({ password: z.string().max(256) });
const Code = z.strictObject({ code: z.string().max(100) });

export const security = {
  retrieve: forPerson('security.retrieve').query(({ ctx }) =>
    ctx.visitor.people((people) => readSecurity(people, ctx.person)),
  ),

  /** `qr` is the picture to scan, an SVG as text; `secret` is the same for typing. */
  beginTotp: forPerson('security.beginTotp')
    .input(Password)
    .mutation(async ({ ctx, input }) => {
      const begun = await beginTotp(ctx.visitor, ctx.person, input);
      return { ...begun, qr: await QrCode.toString(begun.uri, { type: 'svg', margin: 1 }) };
    }),

  /** `recovery_codes` are in this answer and in no other. */
  confirmTotp: forPerson('security.confirmTotp')
    .input(Code)
    .mutation(({ ctx, input }) => confirmTotp(ctx.visitor, ctx.person, input)),

  disableTotp: forPerson('security.disableTotp')
    .input(Code)
    .mutation(({ ctx, input }) => disableTotp(ctx.visitor, ctx.person, input)),

  renewRecoveryCodes: forPerson('security.renewRecoveryCodes')
    .input(Code)
    .mutation(({ ctx, input }) => renewCodes(ctx.visitor, ctx.person, input)),

  changePassword: forPerson('security.changePassword')
    .input(z.strictObject({ password: z.string().max(256), new_password: newPassword }))
    .mutation(({ ctx, input }) => changePassword(ctx.visitor, ctx.person, input)),
};
