// A Kubernetes client, an OpenID client and a JWT library of npm work with Spot:
// `URL REFRESH_TOKEN CLIENT_ID`. They run in a folder of their own, without rsspot.

import * as openid from "openid-client";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";

const [url, refreshToken, clientId] = process.argv.slice(2);
const ngpc = { group: "ngpc.rxt.io", version: "v1" };
const pool = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a12";
const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

const issuer = await openid.discovery(new URL(url), clientId, undefined, openid.None(), {
  execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
});
const grant = await openid.refreshTokenGrant(issuer, refreshToken);
console.log("signed in:", grant.token_type, grant.claims().email_verified);
const keys = createRemoteJWKSet(new URL(issuer.serverMetadata().jwks_uri));
const { payload, protectedHeader } = await jwtVerify(grant.id_token, keys, {
  issuer: issuer.serverMetadata().issuer,
  audience: clientId,
});
console.log("verified:", protectedHeader.alg, payload.org_id.startsWith("org_"));

const config = new KubeConfig();
config.loadFromOptions({
  clusters: [{ name: "spot", server: url, skipTLSVerify: true }],
  users: [{ name: "me", token: grant.id_token }],
  contexts: [{ name: "spot", cluster: "spot", user: "me" }],
  currentContext: "spot",
});
const api = config.makeApiClient(CustomObjectsApi);
const namespace = payload.org_id.toLowerCase().replaceAll("_", "-");
const spaces = { ...ngpc, namespace, plural: "cloudspaces" };
const pools = { ...ngpc, namespace, plural: "ondemandnodepools" };

const classes = await api.listClusterCustomObject({ ...ngpc, plural: "serverclasses" });
console.log("classes:", classes.items.length > 0);
await api.createNamespacedCustomObject({
  ...spaces,
  body: thing("CloudSpace", "node", { region: "us-central-dfw-2", kubernetesVersion: "1.31.1" }),
});
await api.createNamespacedCustomObject({
  ...pools,
  body: thing("OnDemandNodePool", pool, {
    cloudSpace: "node",
    serverClass: "gp.vs2.medium-dfw2",
    desired: 1,
  }),
});
const ready = await until(async () => {
  const seen = await api.getNamespacedCustomObject({ ...spaces, name: "node" });
  return seen.status?.phase === "Ready" ? seen : undefined;
});
console.log("ready:", ready.status.phase);
const changed = await api.patchNamespacedCustomObject({
  ...pools,
  name: pool,
  body: [{ op: "replace", path: "/spec/desired", value: 3 }],
});
console.log("patched:", changed.spec.desired);
const put = await until(async () => {
  const whole = await api.getNamespacedCustomObject({ ...spaces, name: "node" });
  whole.spec.webhook = "https://hook.example/";
  const replace = () => api.replaceNamespacedCustomObject({ ...spaces, name: "node", body: whole });
  return replace().catch((error) => (error.code === 409 ? undefined : Promise.reject(error)));
});
console.log("replaced:", put.spec.webhook);
console.log("refused:", await refusal(() => api.getNamespacedCustomObject({ ...spaces, name: "x" })));
await api.deleteNamespacedCustomObject({ ...pools, name: pool });
await api.deleteNamespacedCustomObject({ ...spaces, name: "node" });
const gone = await until(
  async () =>
    (await refusal(() => api.getNamespacedCustomObject({ ...spaces, name: "node" }))) === 404,
);
console.log("gone:", gone);

function thing(kind, name, spec) {
  return { apiVersion: "ngpc.rxt.io/v1", kind, metadata: { name, namespace }, spec };
}

async function refusal(call) {
  try {
    await call();
  } catch (error) {
    return error.code;
  }
  return undefined;
}

async function until(look) {
  for (let tries = 0; tries < 300; tries++) {
    const seen = await look();
    if (seen) return seen;
    await sleep(100);
  }
  throw new Error("waited in vain");
}
