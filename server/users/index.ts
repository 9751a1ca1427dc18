export { hashPassword, isOutdated, isPassword } from './password';
export { isTotpCode, kindOfCode, renewRecoveryCodes } from './second_factor';
export {
  countRecoveryCodes,
  find as findUser,
  findByEmail as findUserByEmail,
  findByIdentity,
  findServices,
  insert as insertUser,
  insertIdentity,
  lock as lockUser,
  replaceRecoveryCodes,
  update as updateUser,
  type Provider,
  type UserRow,
} from './store';
export { admit, forgive, type Attempt } from './throttle';
export { newTotpSecret, sealTotp, totpUri } from './totp';
