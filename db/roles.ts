/** The roles that statements run as. None owns anything; see `privileges.ts`. */

/** The application's: every policy binds it. */
export const APP_ROLE = 'calmony_app';

/** The finder's: looks across tenants, at a few columns, and writes nothing. */
export const SYSTEM_ROLE = 'calmony_system';

/** Of signing in: sees people, their sessions and whose members they are, and no tenant's rows. */
export const PEOPLE_ROLE = 'calmony_people';

export const ROLES: readonly string[] = [APP_ROLE, SYSTEM_ROLE, PEOPLE_ROLE];
