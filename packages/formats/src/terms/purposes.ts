/** What something may be used for: a closed list, since rules compare purposes. */

/**
 * Purposes, each under the one it is a case of. Roots and business purposes are ours; `duo:` codes are those of the GA4GH Data Use Ontology
 * (https://github.com/EBISPOT/DUO).
 */
export const purposes: Readonly<Record<string, string | undefined>> = {
  NonCommercial: undefined,
  Commercial: undefined,
  Internal: undefined,
  PublicInterest: undefined,
  NonCommercialResearch: 'NonCommercial',
  Education: 'NonCommercial',
  ModelValidation: 'NonCommercial',
  Evaluation: 'Internal',
  CommercialProduct: 'Commercial',
  CommercialService: 'Commercial',
  'duo:0000042': 'NonCommercialResearch', // GRU: general research use
  'duo:0000006': 'duo:0000042', // HMB: health, medical, biomedical research
  'duo:0000007': 'duo:0000006', // DS: research on one disease
  'duo:0000043': 'PublicInterest', // CC: clinical care
  RailUnlawful: undefined,
  RailExploitMinors: undefined,
  RailDisinformation: undefined,
  RailMedicalAdvice: undefined,
  RailLawEnforcementPrediction: undefined,
}

const purposeWords: Readonly<Record<string, string>> = {
  NonCommercial: 'Not commercial',
  Commercial: 'Commercial',
  Internal: 'Internal',
  PublicInterest: 'Public interest',
  NonCommercialResearch: 'Research, not commercial',
  Education: 'Education',
  ModelValidation: 'Validation of models',
  Evaluation: 'Evaluation',
  CommercialProduct: 'Commercial product',
  CommercialService: 'Commercial service',
  'duo:0000042': 'General research use (DUO 0000042)',
  'duo:0000006': 'Health and biomedical research (DUO 0000006)',
  'duo:0000007': 'Research on one disease (DUO 0000007)',
  'duo:0000043': 'Clinical care (DUO 0000043)',
  RailUnlawful: 'Anything unlawful',
  RailExploitMinors: 'Exploiting or harming minors',
  RailDisinformation: 'Disinformation meant to do harm',
  RailMedicalAdvice: 'Medical advice without a professional who answers for it',
  RailLawEnforcementPrediction: 'Predicting who will commit a crime',
}

/** As a person would say it, in a form or a list; what is not known as it is. */
export const purposeLabel = (purpose: string): string => purposeWords[purpose] ?? purpose

export const isPurpose = (text: string): boolean => Object.hasOwn(purposes, text)

/** Is one purpose a case of the other? Every purpose is a case of itself. */
export const isCaseOf = (purpose: string, of: string): boolean => {
  for (let at: string | undefined = purpose; at !== undefined; at = purposes[at]) {
    if (at === of) return true
  }
  return false
}
