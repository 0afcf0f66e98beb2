import COpenSSL

/// The edge to libcrypto: its errors as text, and byte strings through memory BIOs.
enum LibCrypto {
    /// The latest error of this thread in libcrypto's words; empties its queue.
    static func lastError() -> String {
        let number = ERR_peek_last_error()
        ERR_clear_error()
        guard number != 0 else { return "libcrypto gives no reason" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            ERR_error_string_n(number, buffer.baseAddress, buffer.count)
            return buffer.baseAddress.map { String(cString: $0) } ?? "error \(number)"
        }
    }

    /// Calls `body` with a BIO that reads `bytes`.
    static func reading<Result>(_ bytes: [UInt8], _ body: (OpaquePointer) -> Result?) -> Result? {
        ERR_clear_error()
        return bytes.withUnsafeBytes { buffer -> Result? in
            guard let bio = BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return nil }
            defer { BIO_free(bio) }
            return body(bio)
        }
    }

    /// What the first PEM block holds; nil when that has another label, or there is none (RFC 7468).
    static func content(ofPEM pem: [UInt8], labelled label: String) -> [UInt8]? {
        reading(pem) { bio in
            var name: UnsafeMutablePointer<CChar>?
            var header: UnsafeMutablePointer<CChar>?
            var data: UnsafeMutablePointer<UInt8>?
            var count = 0
            guard PEM_read_bio(bio, &name, &header, &data, &count) == 1, let name, let data else { return nil }
            defer {
                fleet_openssl_free(name)
                fleet_openssl_free(header)
                fleet_openssl_free(data)
            }
            guard String(cString: name) == label else { return nil }
            return Array(UnsafeBufferPointer(start: data, count: count))
        }
    }

    /// The bytes that `body` writes into the BIO that it is given; nil when it returns anything but 1.
    static func written(_ body: (OpaquePointer) -> Int32) -> [UInt8]? {
        ERR_clear_error()
        guard let bio = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(bio) }
        guard body(bio) == 1 else { return nil }
        let count = BIO_ctrl_pending(bio)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = max(0, Int(BIO_read(bio, buffer.baseAddress, Int32(count))))
        }
    }
}
