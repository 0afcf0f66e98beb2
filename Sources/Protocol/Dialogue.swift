/// The dialogue of two peers, and the constants of the protocol's version.
///
/// ```
///        dialer                                                acceptor
///          │  TLS 1.3, ALPN fleet/1, both certificates            │
///          │ Hello {protocol 1…1, software, fleet, name} ────────►│  the range, fleet and name are checked
///          │◄──────────────────────────────────────────── Hello   │  (or Goodbye, which names both versions)
///          │                                                      │
///          │ #1 Request {command …} ─────────────────────────────►│  ids: odd from the dialer, even from the acceptor
///          │ #3 Request {reports} ───────────────────────────────►│
///          │ #3 Credit {1} ──────────────────────────────────────►│  so many events may come
///          │◄────────────────────────────────── #3 Event {report} │
///          │ #3 Credit {1} ──────────────────────────────────────►│
///          │◄────────────────────────── #1 Response {reply | problem}
///          │ #3 Cancel ──────────────────────────────────────────►│
///          │◄────────────────────── #3 Response {problem cancelled}│
///          │◄───────────────────── Heartbeat {report_sequence} ──►│  when nothing else was sent for 5 s; 3 missed: lost
///          │                                                      │
///          │ #5 Request {open_bulk} ─────────────────────────────►│  from the acceptor: Request {dial_bulk token}
///          │◄───────────────────────── #5 Response {bulk_ticket}  │
///          ╞═ second connection: BulkHello {token} ══════════════►│  the same peer, a token good for one connection
///          │◄═══════════════════════════════════════ BulkWelcome ═╡
///          │ #7 Request {push_artifact digest, size, stream 1} ──►│
///          │◄═══════════════════════════════ ~1 Credit {4 MiB} ═══╡  none before the receiver reads
///          │ ~1 ≤ 64 KiB raw, ~1 ≤ 64 KiB raw … ═════════════════►│
///          │◄═══════════════════════════════ ~1 Credit {1 MiB} ═══╡  as it has taken them
///          │ ~1 BulkEnd ═════════════════════════════════════════►│
///          │◄────────────────────── #7 Response {artifact stored} │
///          │ Goodbye ────────────────────────────────────────────►│
/// ```
package enum Dialogue {
    /// What this build speaks.
    ///
    /// N talks to N−1: `minimum` follows `current` one release later.
    package static let versions = VersionRange(current: 1, minimum: 1)

    /// Longest payload of a control frame: an order with its signatures and a host's report fit many times over.
    package static let maximumControlPayload = 1 << 20
    /// Longest payload of a bulk frame: small enough that no stream waits long behind another.
    package static let maximumBulkPayload = 64 << 10
    /// What a bulk frame costs at least of its stream's credit, so that tiny frames can't cost more memory than large ones.
    package static let minimumBulkCost = 1 << 10
}
