-- Records that are left to be weighed, and share a block with a holder of their province: rows of
-- linking_records. Reads linking_decided (no).
from linking_records as records
select records.*
where organization_code is null and core is not null and address is not null
    and no not in (select no from linking_decided)
    and exists (
        from linking_holders as holders
        where holders.sound and (
            holders.block_address = records.block_address
            or holders.block_core = records.block_core
            or holders.block_start = records.block_start
        )
    )
