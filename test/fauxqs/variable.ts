/** The variable with the folder into which fauxqs is installed. */
export const FAUXQS_FOLDER = "SLUICE_FAUXQS_FOLDER";
