-- 家庭关系的宏：GB/T 4761-2008《家庭关系代码》。
--
-- 每个宏只看传入的代码，不依赖任何表；空值返回空值。

-- 亲生的子女：子、女，及按长幼排行的子、女。养子女、继子女、女婿、儿媳和“其他”不在内。
CREATE OR REPLACE MACRO is_own_child(relation) AS
    relation IN (
        '20', '21', '22', '23', '24', '25', '26', '30', '31', '32', '33', '34', '35', '36'
    );

-- 亲生的父母：父母、父亲、母亲。公婆、岳父母、养父母、继父母和“其他”不在内。
CREATE OR REPLACE MACRO is_own_parent(relation) AS relation IN ('50', '51', '52');
