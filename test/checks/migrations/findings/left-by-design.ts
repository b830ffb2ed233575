/** Drifts of `mutations.ts` that fixes do not lead back from, with what is then still reported, and why that is right. */
export const leftByDesign: readonly {
  readonly reason: string
  readonly drifts: Readonly<Record<string, readonly string[]>>
}[] = [
  {
    reason: 'what is extra may hold data, or be needed by something that is not known here',
    drifts: {
      'nullable column added': ['column public.venues.phone'],
      'column with a default added': ['column public.venues.phone'],
      'identity column added': ['column public.drafts.key', 'sequence public.drafts_key_seq'],
      'required column added': ['column public.venues.phone'],
      'foreign key added': ['column public.audit.v'],
      'enum added': ['enum public.mood'],
      'column added that its domain requires': ['column public.drafts.name', 'domain public.full_name'],
      'column added that its domain fills': ['column public.drafts.name', 'domain public.full_name'],
      'view added': ['view public.by_hand'],
      'sequence added': ['sequence public.by_hand'],
      'table added': ['table public.by_hand'],
    },
  },
  {
    reason: 'another tool may own it',
    drifts: {
      'extension added': ['extension pgcrypto'],
      'row level security enabled': ['row level security public.audit'],
      'policy added': ['policy public.orders.everyone'],
      'trigger added': ['trigger public.events.by_hand'],
      'function added': ['routine public.by_hand()'],
      'rule added': ['rule public.audit.by_hand'],
    },
  },
  {
    reason: 'the data is there under another name: only a person knows that it is the same',
    drifts: {
      'enum value renamed': ['enum public.order_status'],
      'column renamed': ['column public.venues.area', 'column public.venues.surface'],
      'table renamed': ['table public.drafts', 'table public.sketches'],
      'table moved to another schema': ['table billing.drafts', 'table public.drafts'],
      'view made a table': ['table public.open_events', 'view public.open_events'],
    },
  },
  {
    reason: 'values have to be converted or computed anew, in a way that only a person knows',
    drifts: {
      'integer made bigint': ['column public.venues.capacity'],
      'varchar shortened': ['column public.venues.name'],
      'numeric precision changed': ['column public.venues.area'],
      'timestamp made timestamptz': ['column public.venues.opened'],
      'timestamp precision changed': ['column public.events.starts_at'],
      'array element type changed': ['column public.venues.networks'],
      'collation changed': ['column public.venues.code'],
      'generated column made ordinary': ['column public.events.slug'],
      'generated expression changed': ['column public.events.slug'],
    },
  },
  {
    reason: 'other objects may hang on it, and Postgres cannot change it while they do',
    drifts: {
      'primary key in another order': ['constraint public.orders.orders_pkey'],
      'unique with distinct nulls': ['constraint public.venues.venues_name_city'],
      'enum value added': ['enum public.order_status'],
      'enum values in another order': ['enum public.order_status'],
      'domain check dropped': ['domain public.email'],
      'domain default set': ['domain public.email'],
      'composite type widened': ['column public.point.z'],
      'composite type changed': ['column public.point.y'],
      'view widened': ['column public.open_events.city', 'query public.open_events'],
      'materialized view changed': ['query public.sales'],
      'table inherits': ['table public.audit', 'table public.base'],
      'partitioned table made ordinary': ['table public.metrics'],
    },
  },
  {
    reason: 'the expected schema does not have its whole definition',
    drifts: {
      'range type dropped': ['range type public.price_range'],
      'collation dropped': ['collation public.german'],
    },
  },
]

/** What `--fix-sql` can do and a finding cannot: its fix would be too long to be shown, and others wait for it. */
export const leftAsShown: Readonly<Record<string, readonly string[]>> = {
  'table that others need dropped': [
    'constraint public.orders.orders_event_id_fkey',
    'table public.events',
    'view public.open_events',
  ],
}
