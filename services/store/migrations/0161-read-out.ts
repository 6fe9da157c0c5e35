/** Once the votes of a secret ballot were read out they are no secret again, also when the request is voted on anew. */
export const readOut = `
alter table votes add column read_out boolean not null default false;
update votes set read_out = true from requests as r where r.id = votes.request and votes.nonce is not null
  and (r.state not in ('draft', 'evidence', 'voting')
    or (votes.stage < r.stage and votes.stage >= r.stage - jsonb_array_length(r.past)));
`;
