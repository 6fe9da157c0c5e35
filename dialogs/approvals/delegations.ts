import { capability, nothing } from '../capability.ts';

export const delegations = capability({
  id: 'approvals.delegations',
  summary: 'Show whose votes you hold, and who holds yours',
  phrases: ['my delegations', 'delegations'],
  examples: ['my delegations'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, actor }) => {
    const { given, held } = await rooms.approvals.delegationsOf(rooms.db, actor.id);
    const until = (at: {
      toZonedDateTimeISO(zone: string): { toPlainDateTime(): { toString(options: object): string } };
    }) => at.toZonedDateTimeISO(actor.zone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ');
    const lines = [
      ...given.map((each) => `${rooms.people.nameOf(each.delegate)} votes for you until ${until(each.until)}.`),
      ...held.map((each) => `You vote for ${rooms.people.nameOf(each.person)} until ${until(each.until)}.`),
    ];
    const data = [...given, ...held].map((each) => ({
      ...each,
      since: each.since.toString(),
      until: each.until.toString(),
    }));
    return { text: lines.join('\n') || 'You vote for yourself, and for nobody else.', data };
  },
});
