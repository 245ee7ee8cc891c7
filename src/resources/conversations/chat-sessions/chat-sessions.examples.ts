import { defineExamples } from '../../../core/wire/examples.js';
import { EXAMPLE_IDS as IDS } from '../../../core/wire/example-ids.js';

const HANDOFF = {
  reasons: ['user_requested_human_assistance'],
  summary: 'The guest asks for a refund of a cancelled cruise.',
  explanation: 'The guest asked twice for a person.',
};
const TICKET = { name: 'Help desk', external_id: '48213', id_type: 'ticket_id' };

export const chatSessionExamples = defineExamples({
  schemas: {
    ChatSession: {
      id: IDS.chatSession,
      ticket_number: 1042,
      status: 'open',
      channel: { type: 'web' },
      assist_mode: false,
      language: 'en',
      assignee_id: null,
      closed_at: null,
      ai_closure_type: null,
      sentiment: null,
      ticketing_system: null,
      custom_data: { booking: 'HT-20931' },
      team: null,
      handoff: null,
      sla: null,
      tags: ['refund'],
    },
    CreateChatSessionDto: { contact_id: IDS.contact, channel: { type: 'web' }, verified: true },
    CreatedChatSession: { id: IDS.chatSession },
    UpdateChatSessionDto: { status: 'closed_resolved', ticketing_system: TICKET },
    AssignSessionDto: { user_id: IDS.user, team_id: IDS.team },
    HandOffSessionDto: HANDOFF,
    HandoffInSession: { ...HANDOFF, sentiment: 'neutral' },
    SlaInSession: { policy_id: IDS.slaPolicy },
    SlaMetricInSession: { state: 'active', due_at: '2026-03-02T10:30:00.000Z', completed_at: null },
    TicketingSystem: TICKET,
    SendMessageDto: {
      sender: 'agent',
      message: { type: 'text', text: 'Your refund is on its way, Lena. It arrives within five working days.' },
      agent: { name: 'Maya Okafor' },
      should_take_over_session_from_ai: true,
    },
    MessageContent: { type: 'text', text: 'Here is my ticket.' },
    AgentMessageSent: { success: true },
    SentMessageId: { id: IDS.agentMessage },
    HistoryEntry: {
      id: IDS.contactMessage,
      event: {
        type: 'message',
        sender: { type: 'contact', id: IDS.contact, name: 'Lena Fischer' },
        content: { type: 'text', text: 'My cruise on Sunday was cancelled. How do I get my money back?' },
      },
    },
  },
  paths: {
    '/chat/sessions/{id}': IDS.chatSession,
    '/chat/sessions/{id}/tags/{tag_name}': 'refund',
  },
  operations: {
    'chatSessions.list': { query: { status: 'open', channel_type: 'web' } },
    'chatSessions.edit': {
      response: { status: 'closed_resolved', closed_at: '2026-03-09T14:05:00.000Z', ticketing_system: TICKET },
    },
    'chatSessions.assign': {
      response: {
        assignee_id: IDS.user,
        team: { id: IDS.team, name: 'Group bookings', description: 'Requests for 20 guests or more.' },
      },
    },
    'chatSessions.handOff': { response: { handoff: { ...HANDOFF, sentiment: null } } },
    'chatSessions.addTag': { response: ['refund'] },
    'history.send': {
      form: { file: ['ticket.pdf'], sender: 'contact', message: { type: 'text', text: 'My ticket.' } },
    },
  },
});
