/**
 * The licence table, one row each, as a lawyer reviews it: a change here is a change of what the hub enforces, so it comes with a new
 * version, and so does a change of what follows from a row. Columns: `com` commercial use (Y, N, T below a threshold); `der` derivatives may be shared; `flow` what travels with them (`none`,
 * the `same` licence, `file` level, `restr` use restrictions, `lic` the licence of the inherited part, `nc`); `notice` L licence copy,
 * N notices, M changes stated, D display, A attribution; `name` prefix of derivatives' names; `use` restrictions; `out` rules on outputs and
 * training; `limit` thresholds; `excl` places; `end` how it ends; `med` X forbidden, C conditional, P see its policy; `src` C confirmed
 * against the text for this table, T read in the text, K known, V to be verified.
 */
export const licenceTableVersion = '2026.11.2'

/** Comma-separated, `-` for nothing; the first line names the columns. */
export const licenceTableText = `
hf_id,spdx,fam,com,der,flow,notice,name,use,out,limit,excl,end,med,src
apache-2.0,Apache-2.0,permissive,Y,Y,none,N,-,-,-,-,-,patent,-,K
mit,MIT,permissive,Y,Y,none,N,-,-,-,-,-,perp,-,K
bsd-3-clause,BSD-3-Clause,permissive,Y,Y,none,N,-,-,-,-,-,perp,-,K
openmdw-1.0,OpenMDW-1.0,permissive,Y,Y,none,N,-,-,-,-,-,patent,-,T
openmdw-1.1,LicenseRef-OpenMDW-1.1,permissive,Y,Y,none,N,-,-,-,-,-,ip-suit,-,T
cc0-1.0,CC0-1.0,public,Y,Y,none,-,-,-,-,-,-,perp,-,K
cc-by-4.0,CC-BY-4.0,permissive,Y,Y,none,A,-,-,-,-,-,breach,-,K
cc-by-sa-4.0,CC-BY-SA-4.0,sharealike,Y,Y,same,A,-,-,-,-,-,breach,-,K
cc-by-nc-4.0,CC-BY-NC-4.0,nc,N,Y,nc,A,-,-,-,-,-,breach,-,K
cc-by-nc-sa-4.0,CC-BY-NC-SA-4.0,nc,N,Y,same,A,-,-,-,-,-,breach,-,K
cc-by-nd-4.0,CC-BY-ND-4.0,nd,Y,N,same,A,-,-,-,-,-,breach,-,K
cc-by-nc-nd-4.0,CC-BY-NC-ND-4.0,nd,N,N,same,A,-,-,-,-,-,breach,-,K
mpl-2.0,MPL-2.0,weakcopyleft,Y,Y,file,N,-,-,-,-,-,breach,-,K
lgpl-3.0,LGPL-3.0-only,weakcopyleft,Y,Y,same,N,-,-,-,-,-,breach,-,K
gpl-3.0,GPL-3.0-only,copyleft,Y,Y,same,N,-,-,-,-,-,breach,-,K
agpl-3.0,AGPL-3.0-only,copyleft,Y,Y,same,N,-,-,-,network-use,-,breach,-,K
eupl-1.2,EUPL-1.2,copyleft,Y,Y,same,N,-,-,-,network-use,-,breach,-,K
cdla-permissive-2.0,CDLA-Permissive-2.0,data,Y,Y,none,N,-,-,-,-,-,perp,-,K
c-uda,C-UDA-1.0,data,Y,Y,none,N,-,computational-use,-,-,-,breach,-,K
odc-by,ODC-By-1.0,data,Y,Y,none,A,-,-,-,-,-,breach,-,K
odbl,ODbL-1.0,data,Y,Y,same,A,-,-,-,db-only,-,breach,-,K
bigscience-bloom-rail-1.0,LicenseRef-BLOOM-RAIL-1.0,rail,Y,Y,restr,L+N+M,-,rail:bigscience,-,latest-version,-,breach,X,T
bigscience-openrail-m,LicenseRef-BigScience-OpenRAIL-M,rail,Y,Y,restr,L+N+M,-,rail:bigscience,-,latest-version,-,patent,X,T
creativeml-openrail-m,LicenseRef-CreativeML-OpenRAIL-M,rail,Y,Y,restr,L+N+M,-,rail:creativeml,-,latest-version,-,patent,X,T
openrail++,LicenseRef-OpenRAIL-PP-M,rail,Y,Y,restr,L+N+M,-,rail:creativeml,-,-,-,patent,X,K
bigcode-openrail-m,LicenseRef-BigCode-OpenRAIL-M,rail,Y,Y,restr,L+N+docs,-,rail:bigcode,-,-,-,patent,C,T
deepseek,LicenseRef-DeepSeek-1.0,rail,Y,Y,restr,L+N+M,-,rail:deepseek,-,-,-,patent,-,T
llama2,LicenseRef-Llama-2,community,T,Y,lic,L+N,-,aup:llama2,no-train-others,MAU>700M@release,-,breach+ip-suit,P,T
llama3,LicenseRef-Llama-3,community,T,Y,lic,L+N+D,Llama 3*,aup:llama3,no-train-others,MAU>700M@release,-,breach+ip-suit,P,T
llama3.1,LicenseRef-Llama-3.1,community,T,Y,lic,L+N+D,Llama*,aup:llama3.1,name-if-train,MAU>700M@release,-,breach+ip-suit,P,T
llama3.2,LicenseRef-Llama-3.2,community,T,Y,lic,L+N+D,Llama*,aup:llama3.2,name-if-train,MAU>700M@release,EU(multimodal),breach+ip-suit,P,T
llama3.3,LicenseRef-Llama-3.3,community,T,Y,lic,L+N+D,Llama*,aup:llama3.3,name-if-train,MAU>700M@release,-,breach+ip-suit,P,T
llama4,LicenseRef-Llama-4,community,T,Y,lic,L+N+D,Llama*,aup:llama4,name-if-train,MAU>700M@release,EU(multimodal),breach+ip-suit,P,T
gemma,LicenseRef-Gemma,community,Y,Y,lic,L+N+M,-,aup:gemma,distill-is-derivative,-,-,breach,P,T
hai-def,LicenseRef-HAI-DEF,community,Y,Y,lic,L+N+M,-,aup:hai-def,-,clinical-needs-authorisation,-,breach,C,V
qwen,LicenseRef-Qwen,community,T,Y,lic,L+N+M,-,law,display-if-train,MAU>100M,-,breach+ip-suit,-,T
tongyi-qianwen,LicenseRef-Tongyi-Qianwen,community,T,Y,lic,L+N+M,-,law,no-train-others,MAU>100M,-,breach+ip-suit,-,T
kimi-modified-mit,LicenseRef-Kimi-Modified-MIT,permissive+,Y,Y,none,N,-,-,-,display-name-if-MAU>100M-or-USD20M/mo,-,perp,-,T
stability-community,LicenseRef-Stability-Community,community,T,Y,lic,L+N+D,-,aup:stability,no-train-foundation,revenue>USD1M/yr;register-if-commercial,-,breach+ip-suit+revenue,P,T
nvidia-open-model,LicenseRef-NVIDIA-Open-Model,community,Y,Y,lic,L+N,-,aup:nvidia,-,no-guardrail-removal;terms-updatable,-,ip-suit+breach,-,T
falcon2,LicenseRef-Falcon2-TII,community,Y,Y,restr,L+N+M+D,-,aup:falcon(updatable),aup,-,-,patent,P,T
lfm1.0,LicenseRef-LFM-1.0,community,T,Y,lic,L+N,-,-,-,revenue>USD10M/yr;nonprofit-exempt,-,revenue,-,V
tencent-hunyuan,LicenseRef-Tencent-Hunyuan,community,T,Y,lic,L+N+M,-,aup:hunyuan,no-train-others,MAU>1M@release(3D);varies,EU+UK+KR,breach+ip-suit,P,T
grok2-community,LicenseRef-Grok-2,community,T,Y,lic,L+D,-,aup:xai,no-train-others,revenue(verify),-,breach,-,V
flux-1-dev,LicenseRef-FLUX1-dev-NC,nc,N,Y,lic,L+N+M,-,aup:bfl+content-filter,no-compete,non-production,-,breach,-,T
mrl,LicenseRef-Mistral-Research,research,N,Y,lic,L+N+M,-,research-only,nc,-,-,breach,-,K
exaone-nc,LicenseRef-EXAONE-NC,research,N,Y,lic,L,EXAONE*,research-only,no-train-others+nc,-,-,breach,-,T
apple-amlr,LicenseRef-Apple-AMLR,research,N,Y,lic,L+N,-,research-only,-,-,-,breach,-,K
fair-noncommercial-research-license,LicenseRef-FAIR-NC,research,N,Y,lic,L+N,-,aup:fair,-,-,-,breach,-,K
bsd-2-clause,BSD-2-Clause,permissive,Y,Y,none,N,-,-,-,-,-,perp,-,K
isc,ISC,permissive,Y,Y,none,N,-,-,-,-,-,perp,-,K
unlicense,Unlicense,public,Y,Y,none,-,-,-,-,-,-,perp,-,K
gpl-2.0,GPL-2.0-only,copyleft,Y,Y,same,N,-,-,-,-,-,breach,-,K
lgpl-2.1,LGPL-2.1-only,weakcopyleft,Y,Y,same,N,-,-,-,-,-,breach,-,K
`

/** What cards say that names no licence: families of several, and that it is another one. Which one is meant has to be said. */
export const familyIds: readonly string[] = [
  'cc',
  'bsd',
  'gpl',
  'lgpl',
  'agpl',
  'llama',
  'openrail',
  'rail',
  'other',
  'unknown',
]
