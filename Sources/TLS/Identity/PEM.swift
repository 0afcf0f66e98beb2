import COpenSSL

/// Text that OpenSSL writes through a memory BIO.
enum PEM {
    /// Runs `write` with a fresh memory BIO and returns what it wrote; `write` answers 1 on success, as OpenSSL does.
    static func text(_ write: (OpaquePointer) -> Int32) throws(TLSError) -> String {
        ErrorStack.clear()
        guard let bio = BIO_new(BIO_s_mem()) else { throw .library("BIO_new") }
        defer { BIO_free(bio) }
        guard write(bio) == 1 else { throw .library("PEM_write_bio") }
        var data: UnsafeMutablePointer<CChar>?
        let count = fleet_bio_mem_data(bio, &data)
        let bytes = UnsafeRawBufferPointer(start: data, count: count)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Runs `read` with a memory BIO over `pem`.
    static func read<Value>(_ pem: [UInt8], _ read: (OpaquePointer) -> Value?) throws(TLSError) -> Value? {
        ErrorStack.clear()
        var failed = false
        let value: Value? = pem.withUnsafeBytes { bytes in
            guard let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count)) else {
                failed = true
                return nil
            }
            defer { BIO_free(bio) }
            return read(bio)
        }
        guard !failed else { throw .library("BIO_new_mem_buf") }
        return value
    }
}
