import { describe, expect, it } from 'vitest';
import type { Asked } from '../../../infra/sandbox/azure/answer.ts';
import { Unavailable } from '../../../services/core/errors.ts';
import { stage } from '../../infra/azure/story.ts';

const ANN = '00000000-0000-4000-8000-000000000001';
const EVERYONE = '10000000-0000-4000-8000-000000000005';
const CHANNEL = { teamId: '19:northwind-ml@thread.tacv2', channelId: '19:fraud-ops@thread.tacv2' };

describe('people in Microsoft Graph', () => {
  it('finds a person by their Entra id', async () => {
    const { value } = await stage().azure.graph.user(ANN);
    expect(value).toEqual({ id: ANN, name: 'Ann Berg', email: 'ann.berg@northwind.example', active: true });
  });

  it('answers undefined for somebody who is not in the directory', async () => {
    expect((await stage().azure.graph.user('nobody')).value).toBeUndefined();
  });

  it('walks all pages of a group and tells who has left', async () => {
    const { azure, sent } = stage();
    const { value } = await azure.graph.members(EVERYONE);
    expect(value).toHaveLength(13);
    expect(value.filter((each) => !each.active).map((each) => each.name)).toEqual(['Max Stone']);
    expect(sent).toHaveLength(2);
  });
});

describe('looking for a message whose answer got lost', () => {
  const room = (key: string) => {
    const asked: string[] = [];
    const graphMessages = async ({ url, path }: Asked) => {
      asked.push(path);
      expect(url.searchParams.get('$top')).toBe('50');
      return {
        status: 200,
        body: {
          value: [
            { id: '3', attachments: [] },
            { id: '2', deletedDateTime: '2026-11-19T13:00:00Z', attachments: [{ content: `{"k":"${key}"}` }] },
            {
              id: '1',
              attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: `{"k":"${key}"}` }],
            },
          ],
        },
      };
    };
    return { asked, graphMessages };
  };

  it('gives the id of the message whose card contains the key, passing over deleted ones', async () => {
    const { asked, graphMessages } = room('wr-42');
    const { azure } = stage({ graphMessages });
    expect(await azure.graph.findMessage(CHANNEL, 'wr-42')).toBe('1');
    expect(await azure.graph.findMessage({ ...CHANNEL, rootId: '1' }, 'wr-42')).toBe('1');
    expect(await azure.graph.findMessage({ chatId: '19:fraud-war-room@thread.v2' }, 'wr-42')).toBe('1');
    expect(asked.map((path) => decodeURIComponent(path))).toEqual([
      '/v1.0/teams/19:northwind-ml@thread.tacv2/channels/19:fraud-ops@thread.tacv2/messages',
      '/v1.0/teams/19:northwind-ml@thread.tacv2/channels/19:fraud-ops@thread.tacv2/messages/1/replies',
      '/v1.0/chats/19:fraud-war-room@thread.v2/messages',
    ]);
  });

  it('answers undefined when it is not there', async () => {
    const { azure } = stage({ graphMessages: room('other').graphMessages });
    expect(await azure.graph.findMessage(CHANNEL, 'wr-42')).toBeUndefined();
  });

  it('says forbidden when the app may not read messages', async () => {
    expect(await stage().azure.graph.findMessage(CHANNEL, 'wr-42')).toBe('forbidden');
  });

  it('never answers from memory', async () => {
    const { azure, estate } = stage({ graphMessages: room('wr-42').graphMessages, tuning: { maxRetries: 0 } });
    await azure.graph.findMessage(CHANNEL, 'wr-42');
    estate.fault({ service: 'graph', mode: '500' });
    await expect(azure.graph.findMessage(CHANNEL, 'wr-42')).rejects.toThrow(Unavailable);
  });
});
