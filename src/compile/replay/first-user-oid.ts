/** Objects of users have oids from here on (Postgres, access/transam.h, FirstNormalObjectId). */
export const firstUserOid = 16384
