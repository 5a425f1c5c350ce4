/*
 * Certificates for the servers of tests, each its own authority, all with one key. OpenSSL made them, valid from 2020 to
 * 2119 where nothing else is said.
 */

/** A certificate and its key, as PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

const key = `-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIF8wX/IdgjXolok3P+O3BKoxV6WLeeSsxJAjCB2fsR1coAoGCCqGSM49
AwEHoUQDQgAEgTqIIlK2Ak1gZGKjilIOeGdwPRN663AploWoivion+Cu2WipTxGF
MqgxqHTHEfg+IvxGNVG5AKd6kpGbbuvSnA==
-----END EC PRIVATE KEY-----`;

/** For localhost and 127.0.0.1. */
export const LOCALHOST: Certificate = {
  key,
  cert: `-----BEGIN CERTIFICATE-----
MIIBZTCCAQqgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjExOTAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIE6iCJStgJNYGRi
o4pSDnhncD0TeutwKZaFqIr4qJ/grtloqU8RhTKoMah0xxH4PiL8RjVRuQCnepKR
m27r0pyjSzBJMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAMBgNVHRMEBTAD
AQH/MB0GA1UdDgQWBBT04Kop24G6S5Np4f0lWCX/i7HqLzAKBggqhkjOPQQDAgNJ
ADBGAiEAtb2CqzHW+P/H2995g8ALTrIAAarbWKpSN9vGBA+JSQACIQCnMek0PLRu
Q3OEB/HT46INa4nG95TlK8SBHNSbbnov6g==
-----END CERTIFICATE-----`,
};

/** For acme.example alone. */
export const ACME: Certificate = {
  key,
  cert: `-----BEGIN CERTIFICATE-----
MIIBZjCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAXMRUwEwYDVQQDDAxhY21lLmV4
YW1wbGUwIBcNMjAwMTAxMDAwMDAwWhgPMjExOTAxMDEwMDAwMDBaMBcxFTATBgNV
BAMMDGFjbWUuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIE6iCJS
tgJNYGRio4pSDnhncD0TeutwKZaFqIr4qJ/grtloqU8RhTKoMah0xxH4PiL8RjVR
uQCnepKRm27r0pyjSDBGMBcGA1UdEQQQMA6CDGFjbWUuZXhhbXBsZTAMBgNVHRME
BTADAQH/MB0GA1UdDgQWBBT04Kop24G6S5Np4f0lWCX/i7HqLzAKBggqhkjOPQQD
AgNHADBEAiAMvTA3oC2K9E22LqAlJ6y6vFP6CIlcSyKQFnN9+Ecv4QIgVQo8mpRH
AigJYFJ/HhiMBqu9kgPtkZi87ubCizs3OKc=
-----END CERTIFICATE-----`,
};

/** For localhost and 127.0.0.1, until the end of 2020. */
export const EXPIRED: Certificate = {
  key,
  cert: `-----BEGIN CERTIFICATE-----
MIIBYjCCAQigAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAls
b2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASBOogiUrYCTWBkYqOK
Ug54Z3A9E3rrcCmWhaiK+Kif4K7ZaKlPEYUyqDGodMcR+D4i/EY1UbkAp3qSkZtu
69Kco0swSTAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwDAYDVR0TBAUwAwEB
/zAdBgNVHQ4EFgQU9OCqKduBukuTaeH9JVgl/4ux6i8wCgYIKoZIzj0EAwIDSAAw
RQIgblRqVlaHRg/mgA0IxiPy7l93VnfcXaaNc0dkS8zB2koCIQDPF+KYd8zP9SD3
mucxi92aLKcMBSlamSRIj3myOwSYVA==
-----END CERTIFICATE-----`,
};
