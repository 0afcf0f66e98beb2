import Testing

@testable import TLS

struct PeerIdentityTests {
    @Test("An identity reads as it was written", arguments: Role.certified)
    func roundTrip(_ role: Role) throws {
        let identity = try PeerIdentity(fleet: "shop", role: role, name: "web-1.example.org")
        #expect(try PeerIdentity(uri: identity.uri) == identity)
        #expect(identity.uri == "spiffe://shop/\(role.rawValue)/web-1.example.org")
    }

    @Test(
        "What is no identity of a fleet is refused",
        arguments: [
            "", "spiffe://", "https://shop/agent/web-1", "spiffe://shop/agent", "spiffe://shop/agent/",
            "spiffe://shop/agent/web-1/", "spiffe://shop/agent/web/1", "spiffe:///agent/web-1",
            "spiffe://shop/root/web-1",
            "spiffe://shop/Agent/web-1", "spiffe://shop/agent/..", "spiffe://shop/agent/.", "spiffe://Shop/agent/web-1",
            "spiffe://shop:1/agent/web-1", "spiffe://a@shop/agent/web-1", "spiffe://shop/agent/web%2d1",
            "spiffe://shop/agent/web-1?x", "spiffe://shop/agent/wéb", "spiffe://shop/agent/a,URI:b",
            "SPIFFE://shop/agent/web-1", "spiffe://shop/agent/web-1\0.evil",
            "spiffe://shop/agent/" + String(repeating: "a", count: 254),
        ]
    )
    func refused(_ uri: String) {
        let error = #expect(throws: TLSError.self) { try PeerIdentity(uri: uri) }
        #expect(error?.code == .invalidIdentity)
    }
}
