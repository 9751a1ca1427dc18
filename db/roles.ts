/** The two roles that statements run as. Neither owns anything; see `privileges.ts`. */

/** The application's: every policy binds it. */
export const APP_ROLE = 'calmony_app';

/** The finder's: looks across tenants, at a few columns, and writes nothing. */
export const SYSTEM_ROLE = 'calmony_system';
