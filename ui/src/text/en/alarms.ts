/** What was found, what is safe, what can be done. A member's name where there is one. */
export const alarms = {
  'alarm.read': 'I have read it',
  'alarm.found': 'Found on {time}.',
  'alarm.gap': 'Something that {member} wrote is missing. Nothing of yours is lost. Ask {member} whether it was sent.',
  'alarm.withheld': 'The relay does not show everything that was written. What you have read stays here. Tell the others, by voice.',
  'alarm.relayFork': 'The relay shows two different pasts. What you have read stays here. Speak with the others, by voice.',
  'alarm.equivocation':
    'A computer of {member} wrote two different things in one place. Both are kept aside. It may be an old copy, or somebody else.',
  'alarm.signature': 'Something does not carry {member}’s seal. It is kept aside and not shown.',
  'alarm.commitment': 'Something was made to read differently for different people. It is kept aside and not shown.',
  'alarm.role': '{member} wrote something that their part in the group does not allow. It is kept aside.',
  'alarm.commitRefused': 'A change of the group broke its rules, and was not followed. The group is as it was.',
  'alarm.malformed': 'Something arrived that cannot be read. It is kept aside.',
  'alarm.linkUsedTwice': 'An invitation was used more than once. Somebody else may have the link: compare the words with care.',
  'alarm.beyondCut': 'Something arrived from {member}, who was removed before. It is kept aside and not shown.',
  'alarm.somebody': 'somebody',
} as const
