/** The page's one document: all else is drawn by its script. @param token said again by whatever the page changes */
export function pageHtml(token: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="sluice-token" content="${token}">
<title>Sluice</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body><noscript>This page needs JavaScript. The command sluice shows the same in a terminal.</noscript></body>
</html>
`;
}
