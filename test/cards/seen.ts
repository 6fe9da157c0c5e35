import type { Card } from '../../cards/card.ts';
import { isRecord, nodesOf } from './walk.ts';

/** What a person reads on a card, line by line; fallbacks and hidden words are left out, every space is a plain one. */
export function textOf(card: Card): string {
  const lines: string[] = [];
  const visit = (part: unknown) => {
    if (Array.isArray(part)) return part.forEach(visit);
    if (!isRecord(part)) return;
    if (typeof part.text === 'string') lines.push(part.text);
    if (part.type === 'FactSet')
      for (const fact of part.facts as { title: string; value: string }[]) lines.push(`${fact.title}: ${fact.value}`);
    for (const key of ['items', 'columns', 'rows', 'cells']) visit(part[key]);
  };
  visit(card.body);
  return lines.join('\n').replaceAll('\u00A0', ' ');
}

/** The buttons as `title: verb data`, those of forms behind the button that opens them. */
export function buttonsOf(card: Card): string[] {
  // The second row is inside the container that holds both.
  const parts = card.body.flatMap((part) => (part.type === 'Container' ? (part.items as typeof card.body) : [part]));
  const rows = parts.filter((part) => part.type === 'ActionSet');
  return rows.flatMap((row) => (row.actions as Record<string, unknown>[]).filter(isRealAction).flatMap(told));
}

const isRealAction = ({ type }: Record<string, unknown>) => type !== 'Action.ToggleVisibility';

function told(action: Record<string, unknown>): string[] {
  if (action.type === 'Action.ShowCard') {
    const inner = nodesOf(action.card).filter(
      ({ value, path }) => value.type === 'Action.Execute' && !path.includes('fallback'),
    );
    return inner.flatMap(({ value }) => told(value).map((words) => `${action.title} > ${words}`));
  }
  const marks = [
    action.style === 'destructive' ? ' dangerous' : '',
    action.mode === 'secondary' ? ' in the menu' : '',
  ].join('');
  return [`${action.title}: ${action.verb} ${JSON.stringify(action.data)}${marks}`];
}
