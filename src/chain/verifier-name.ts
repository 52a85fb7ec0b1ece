/** Name of a circuit's generated verifier contract: "solvency-close-u8-s2" -> "SolvencyCloseU8S2Verifier". */
export function verifierContractName(circuitName: string): string {
  const words = circuitName.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Verifier`;
}
