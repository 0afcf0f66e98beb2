/// Writes the little of ASN.1 DER (X.690) that libcrypto wants for keys and signatures of SSH.
enum DER {
    static let objectRSA: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    static let objectEC: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    static let objectEd25519: [UInt8] = [0x06, 0x03, 0x2B, 0x65, 0x70]
    static let null: [UInt8] = [0x05, 0x00]

    static func sequence(_ parts: [UInt8]...) -> [UInt8] { value(0x30, Array(parts.joined())) }

    /// `bytes` are two's complement, as short as possible.
    static func integer(_ bytes: [UInt8]) -> [UInt8] { value(0x02, bytes) }

    /// A SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
    static func publicKey(_ algorithm: [UInt8]..., key: [UInt8]) -> [UInt8] {
        sequence(value(0x30, Array(algorithm.joined())), bitString(key))
    }

    static func bitString(_ bytes: [UInt8]) -> [UInt8] { value(0x03, [0] + bytes) }

    private static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length: [UInt8] = []
        var rest = content.count
        while rest > 0 {
            length.insert(UInt8(truncatingIfNeeded: rest), at: 0)
            rest >>= 8
        }
        let isShort = content.count < 0x80
        let size = isShort ? [UInt8(content.count)] : [0x80 | UInt8(length.count)] + length
        return [tag] + size + content
    }
}
