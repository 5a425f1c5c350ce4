import { render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Dead } from "./dead.tsx";
import { Fleet } from "./fleet.tsx";
import { Provider } from "./provider.tsx";
import { Record } from "./record.tsx";
import { linkTo, type Route, useRoute } from "./route.ts";
import { Run } from "./run.tsx";
import { Search } from "./search.tsx";
import { TroubleBar } from "./trouble.tsx";
import "./page.css";

function App() {
  const route = useRoute();
  const [providerIds, setProviderIds] = useState<readonly string[]>([]);
  useEffect(() => {
    void fetch("/api/providers")
      .then((response) => response.json())
      .then(setProviderIds)
      .catch(() => {});
  }, []);
  return (
    <>
      <header class="top">
        <a class="name" href={linkTo.fleet()}>
          Sluice
        </a>
        <Search route={route} providerIds={providerIds} />
      </header>
      <TroubleBar />
      <Page route={route} />
    </>
  );
}

function Page({ route }: { route: Route }) {
  const address = JSON.stringify(route);
  const isFirst = useRef(true);
  // Whoever follows a link with the keyboard, or hears the page, goes on at its heading.
  useEffect(() => {
    if (!isFirst.current) document.querySelector<HTMLElement>("h1")?.focus();
    isFirst.current = false;
  }, [address]);
  switch (route.kind) {
    case "fleet":
      return <Fleet />;
    case "provider":
      return <Provider id={route.id} />;
    case "dead":
      return <Dead id={route.id} />;
    case "run":
      return <Run id={route.id} runId={route.runId} />;
    case "record":
      return <Record id={route.id} recordId={route.recordId} />;
  }
}

render(<App />, document.body);
