export { foundProject, type FoundedProject } from './found';
export {
  acceptInvitation,
  invite,
  joinByInvitation,
  listInvitations,
  readInvitation,
  revokeInvitation,
  type Offer,
} from './invitations';
export { changeRole, listMembers, removeMember, type By } from './members';
export type { Invitation, Member } from './object';
export {
  AcceptInvitation,
  CreateInvitation,
  email,
  JoinByInvitation,
  newPassword,
  personName,
  UpdateMember,
} from './params';
export { changesOf, mayCall, rightsOf, ROLES, type Role } from './roles';
export { findMemberships, isInvited, type Membership } from './store';
