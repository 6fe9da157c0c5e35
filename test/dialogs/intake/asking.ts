import { type House, type Message, textOf } from '../../house.ts';

/** People who ask, click and listen in the house that is open now. */
export function asking(house: () => House) {
  const heard = async (as: string): Promise<Message[]> =>
    (await house().messages(as, 'personal')).filter(({ from }) => from.kind === 'bot');
  const last = async (as: string): Promise<Message> => {
    const message = (await heard(as)).at(-1);
    if (!message) throw new Error(`${as} has heard nothing`);
    return message;
  };
  async function answer(as: string, text: string): Promise<string> {
    await house().say(as, 'personal', text);
    return textOf(await last(as));
  }
  /** A click on the newest card of this person; what it shows then. */
  async function press(as: string, action: string, inputs: object = {}): Promise<string> {
    const { outcome } = await house().click(as, (await last(as)).id, action, inputs);
    return outcome.message ? textOf(outcome.message) : (outcome.text ?? '');
  }
  /** By the terminal's door, with fields of a form. */
  async function ask(
    as: string,
    text: string,
    set: Record<string, string> = {},
  ): Promise<{ text: string; kind: string; shown: string; capability: string; data: Record<string, unknown> }> {
    const { body } = await house().app.console.ask({ text, as, ...(Object.keys(set).length > 0 ? { set } : {}) });
    if (!('text' in body)) throw new Error(JSON.stringify(body));
    return body as never;
  }
  const counted = async (as: string, words: RegExp) =>
    (await heard(as)).filter((message) => words.test(textOf(message))).length;
  return { last, answer, press, ask, counted };
}
