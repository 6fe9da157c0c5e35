import { kpiMapCard } from '../../cards/intake/kpi-map.ts';
import { capability, nothing } from '../capability.ts';

export const kpis = capability({
  id: 'intake.kpis',
  summary: 'Show which strategic KPI is carried by which use cases, and by none',
  phrases: [
    'kpi map',
    'kpis',
    'show kpi map',
    'which kpi is carried by nothing',
    'which kpi does nobody carry',
    'which kpi is nobody carrying',
    'which use cases carry which kpi',
  ],
  examples: ['kpi map'],
  input: nothing,
  roles: ['viewer'],
  effect: 'read',
  run: async ({ rooms, now }) => {
    const [links, all] = await Promise.all([rooms.intake.linksOfKind(rooms.db, 'kpi'), rooms.intake.all(rooms.db)]);
    const titles = new Map(all.map(({ row }) => [row.id, row.title]));
    const byDepartment = [...rooms.organisation.kpis].sort((a, b) =>
      (a.department ?? '\uffff').localeCompare(b.department ?? '\uffff'),
    );
    const map = byDepartment.map(({ id, name, department }) => ({
      id,
      name,
      ...(department ? { department } : {}),
      carriers: links
        .filter(({ target, use_case }) => target === id && titles.has(use_case))
        .map(({ use_case, detail }) => ({
          useCase: use_case,
          title: titles.get(use_case) ?? '',
          change: detail['change'] ?? '',
        })),
    }));
    const carrying = new Set(links.map(({ use_case }) => use_case));
    const idle = all.filter(({ row }) => !carrying.has(row.id)).map(({ row }) => ({ id: row.id, title: row.title }));
    const lines = map.map(
      ({ name, carriers }) =>
        `${name}: ${carriers.map(({ useCase, change }) => `${useCase} (${change})`).join(', ') || 'carried by nothing'}`,
    );
    return {
      text:
        [...lines, idle.length > 0 ? `Serve no KPI: ${idle.map(({ id }) => id).join(', ')}` : undefined]
          .filter(Boolean)
          .join('\n') || 'No KPI is named in wardroom.yaml.',
      card: kpiMapCard({ now, kpis: map, idle }),
      data: { kpis: map, idle },
    };
  },
});
