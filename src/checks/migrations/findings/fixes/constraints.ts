import type { Fix } from './fix.ts'
import { newNameOf, renamedFrom } from './renamed.ts'
import { renamedTogether } from './renamed-together.ts'

export const constraintFix: Fix = (constraint, { differences }) => {
  const { difference, part, name, expected = '', found = '' } = constraint
  if (found === `${expected} NOT VALID`) return [`ALTER TABLE ${part} VALIDATE CONSTRAINT ${name}`]
  const together = renamedTogether(constraint, differences)
  if (together) return together.leader === constraint ? together.statements : undefined
  const add = `ADD CONSTRAINT ${name} ${expected}`
  const drop = `DROP CONSTRAINT ${name}`
  if (difference === 'missing') {
    const old = renamedFrom(constraint, differences)
    return [`ALTER TABLE ${part} ${old ? `RENAME CONSTRAINT ${old.name} TO ${name}` : add}`]
  }
  if (difference === 'extra')
    return newNameOf(constraint, differences) ? undefined : [`ALTER TABLE ${part} ${drop}`]
  // Foreign keys may hang on the others.
  return /^(CHECK|FOREIGN KEY|EXCLUDE)/.test(found) ? [`ALTER TABLE ${part} ${drop}, ${add}`] : undefined
}

export const disabledForeignKeyFix: Fix = ({ difference, part }) =>
  difference === 'extra' ? [`ALTER TABLE ${part} ENABLE TRIGGER ALL`] : undefined
