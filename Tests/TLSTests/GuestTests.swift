import Model
import NIOCore
import NIOEmbedded
import Testing

@testable import TLS

/// Who has no certificate yet, and a coordinator: each attack on either ends before anything was said.
struct GuestTests {
    private let fleet: ScratchFleet
    private let root: Digest

    init() throws {
        fleet = try ScratchFleet()
        root = fleet.authority.certificate.fingerprint
    }

    private func coordinator(_ identity: TLSIdentity? = nil) throws -> TLSContext {
        try fleet.server(try identity ?? fleet.identity(.coordinator, "main"), accepting: [.operator])
            .admittingGuests(showing: fleet.authority.anchors)
    }

    private func binding(_ end: Wire.End) throws -> [UInt8]? {
        try end.channel.pipeline.syncOperations.handler(type: TLSHandler.self).channelBinding
    }

    @Test("A guest knows the coordinator by the root's digest, and both the connection by a name that no other has")
    func meeting() throws {
        var bindings: [[UInt8]] = []
        for _ in 0..<2 {
            let wire = try Wire(client: .guest(of: "test", trusting: root), server: coordinator())
            try wire.connect()
            #expect(wire.client.recorder.peer?.uri == "spiffe://test/coordinator/main")
            #expect(wire.server.recorder.peer == (try .guest(of: "test")))
            let name = try #require(try binding(wire.client))
            #expect(try binding(wire.server) == name)
            bindings.append(name)
        }
        #expect(bindings[0].count == 32 && bindings[0] != bindings[1])
    }

    @Test("A coordinator that lets guests in lets operators in as before, and asks them for their certificate")
    func members() throws {
        let wire = try Wire(
            client: fleet.client(fleet.identity(.operator, "bob"), accepting: [.coordinator]),
            server: coordinator()
        )
        try wire.connect()
        #expect(wire.server.recorder.peer?.uri == "spiffe://test/operator/bob")
    }

    struct Impostor: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let code: TLSError.Code
        let server: @Sendable (ScratchFleet) throws -> TLSContext
    }

    @Test(
        "Somebody else in the coordinator's place is refused before the guest has said a word",
        arguments: [
            Impostor(testDescription: "a fleet of the same name with another root", code: .wrongAuthority) { _ in
                let foreign = try ScratchFleet()
                return try foreign.server(foreign.identity(.coordinator, "main"))
                    .admittingGuests(showing: foreign.authority.anchors)
            },
            Impostor(testDescription: "that fleet, which shows our root behind its own chain", code: .wrongAuthority) {
                fleet in
                let foreign = try ScratchFleet()
                return try foreign.server(foreign.identity(.coordinator, "main"))
                    .admittingGuests(showing: fleet.authority.anchors)
            },
            Impostor(testDescription: "no root at all", code: .wrongAuthority) { fleet in
                try fleet.server(fleet.identity(.coordinator, "main"))
                    .admittingGuests(showing: TrustAnchors(certificates: []))
            },
            Impostor(testDescription: "a host of the fleet", code: .wrongRole) { fleet in
                try fleet.server(fleet.identity(.agent, "web-1")).admittingGuests(showing: fleet.authority.anchors)
            },
            Impostor(testDescription: "an operator of the fleet", code: .wrongRole) { fleet in
                try fleet.server(fleet.identity(.operator, "bob")).admittingGuests(showing: fleet.authority.anchors)
            },
            Impostor(testDescription: "a coordinator whose certificate has ended", code: .certificateExpired) { fleet in
                let old = ScratchFleet.now + .days(-2)
                return try fleet.server(fleet.identity(.coordinator, "main", validity: .days(1), now: old))
                    .admittingGuests(showing: fleet.authority.anchors)
            },
        ]
    )
    func impostor(_ impostor: Impostor) throws {
        let wire = try Wire(client: .guest(of: "test", trusting: root), server: impostor.server(fleet))
        try wire.connect()
        #expect(wire.client.recorder.codes == [impostor.code])
        #expect(wire.client.recorder.peer == nil)
    }

    @Test("The refusal of another root names both")
    func fingerprints() throws {
        let other = Digest(bytes: [UInt8](repeating: 7, count: 32))
        let wire = try Wire(client: .guest(of: "test", trusting: other), server: coordinator())
        try wire.connect()
        let error = try #require(wire.client.recorder.errors.first as? TLSError)
        #expect(error.code == .wrongAuthority)
        #expect(error.advice.contains(root.hex) && error.advice.contains(other.hex))
    }

    @Test("A server that lets no guests in refuses their protocol")
    func closed() throws {
        let wire = try Wire(
            client: .guest(of: "test", trusting: root),
            server: fleet.server(fleet.identity(.coordinator, "main"))
        )
        try wire.connect()
        #expect(wire.server.recorder.codes == [.applicationProtocol])
        #expect(wire.server.recorder.peer == nil)
    }

    @Test("Without a certificate and with the members' protocol nobody comes in, where guests are let in too")
    func pretender() throws {
        let guest = try TLSContext.guest(of: "test", trusting: root)
        let pretender = TLSContext(
            context: guest.context,
            side: .client,
            policy: guest.policy,
            applicationProtocol: TLSContext.fleetProtocol
        )
        let wire = try Wire(client: pretender, server: coordinator())
        try wire.connect()
        #expect(wire.server.recorder.peer == nil)
        #expect(!wire.server.recorder.codes.isEmpty)
    }

    @Test("A certificate shown with the guests' protocol counts for nothing")
    func member() throws {
        let real = try fleet.client(fleet.identity(.operator, "bob"), accepting: [.coordinator])
        let client = TLSContext(
            context: real.context,
            side: .client,
            policy: real.policy,
            applicationProtocol: TLSContext.guestProtocol
        )
        let wire = try Wire(client: client, server: coordinator())
        try wire.connect()
        #expect(wire.server.recorder.peer == (try .guest(of: "test")))
    }

    @Test("No certificate makes a guest: the authority issues none, and none reads as one")
    func uncertified() throws {
        let error = #expect(throws: TLSError.self) {
            try fleet.authority.issue(.guest, name: "web-9", now: ScratchFleet.now)
        }
        #expect(error?.code == .invalidIdentity)
        #expect(throws: TLSError.self) { try PeerIdentity(uri: "spiffe://test/guest/guest") }
    }
}
